"""Functions of vectors, entry by entry: softmax and its relatives, and losses over classes.

z_j is entry j of the vector z, and n the number of entries.  The slope is by one entry.
"""

from symderiv.catalogue.function import Function
from symderiv.catalogue.functions.elementary import log, sqrt
from symderiv.language.build import E, exp, symbols, total

i, j, k, n = symbols("i j k n")

kronecker: Function = Function(
    name="kronecker",
    latex=r"\delta",
    title="the Kronecker delta",
    slope=lambda i, k: 0,  # noqa: ARG005 (it names the arguments)
    below=2,
    reach="{0,1}",
    note="1 where both indices are the same, 0 where they are not.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), notation",
)

logsumexp: Function = Function(
    name="logsumexp",
    latex=r"\mathrm{LSE}",
    also_called=("LogSumExp", "LSE"),
    title="the logarithm of a sum of exponentials",
    value=lambda z: log(total(exp(z.at(j)), j, 1, n)),
    slope=lambda z: softmax(z, i),
    by="z_i",
    where={"n": "positive integer"},
    reach="reals",
    drawn={"n": "{3}", "z_2": "{0}", "z_3": "{1}"},
    note="A smooth maximum; its gradient is the softmax.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3",
)

softmax: Function = Function(
    name="softmax",
    latex=r"\mathrm{softmax}",
    also_called=("Softmax",),
    title="the softmax",
    value=lambda z, i: exp(z.at(i)) / total(exp(z.at(j)), j, 1, n),
    slope=lambda z, i: softmax(z, i) * (kronecker(i, k) - softmax(z, k)),
    by="z_k",
    below=1,
    where={"n": "positive integer"},
    range="(0,1]",
    drawn={"n": "{3}", "z_2": "{0}", "z_3": "{1}"},
    note="Raising one logit raises its own probability and lowers all others.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.29",
)

log_softmax: Function = Function(
    name="log_softmax",
    latex=r"\mathrm{logsoftmax}",
    also_called=("LogSoftmax",),
    title="the logarithm of the softmax",
    value=lambda z, i: z.at(i) - log(total(exp(z.at(j)), j, 1, n)),
    slope=lambda z, i: kronecker(i, k) - softmax(z, k),
    by="z_k",
    below=1,
    where={"n": "positive integer"},
    reach="<=0",
    drawn={"n": "{3}", "z_2": "{0}", "z_3": "{1}"},
    note="What libraries compute, since no probability is divided by another.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.30",
)

cross_entropy: Function = Function(
    name="cross_entropy",
    latex=r"\mathrm{CE}",
    also_called=("CE", "CrossEntropy"),
    title="the cross-entropy",
    value=lambda p, y: -total(y.at(j) * log(p.at(j)), j, 1, n),
    slope=lambda p, y: -y.at(i) / p.at(i),
    by="p_i",
    where={"p": "(0,1)", "y": "[0,1]", "n": "positive integer"},
    reach=">=0",
    drawn={
        "n": "{3}",
        "p_2": "{0.25}",
        "p_3": "{0.25}",
        "y_1": "{0.5}",
        "y_2": "{0.25}",
        "y_3": "{0.25}",
    },
    note="Here the p are probabilities; each one moves by itself.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 3.13",
)

softmax_cross_entropy: Function = Function(
    name="softmax_cross_entropy",
    latex=r"\mathrm{CE}",
    also_called=("cross_entropy_logits",),
    title="the cross-entropy after a softmax",
    value=lambda z, y: -total(y.at(i) * log(softmax(z, i)), i, 1, n),
    slope=lambda z, y: softmax(z, j) - y.at(j),
    by="z_j",
    where={"y": "probabilities over n", "n": "positive integer"},
    reach=">=0",
    drawn={"n": "{3}", "z_2": "{0}", "z_3": "{1}", "y_1": "{1}", "y_2": "{0}", "y_3": "{0}"},
    note="Probability minus target: of the softmax and the logarithm nothing else is left.",
    source="Bishop, Pattern recognition and machine learning (2006), equation 4.109",
)

kl: Function = Function(
    name="kl",
    latex=r"\mathrm{KL}",
    also_called=("KL", "kl_div"),
    title="the Kullback-Leibler divergence",
    value=lambda q, p: total(p.at(j) * (log(p.at(j)) - log(q.at(j))), j, 1, n),
    slope=lambda q, p: -p.at(i) / q.at(i),
    by="q_i",
    where={"q": "(0,1)", "p": "(0,1)", "n": "positive integer"},
    reach=lambda w: w > -n / E,
    drawn={
        "n": "{3}",
        "q_2": "{0.25}",
        "q_3": "{0.25}",
        "p_1": "{0.5}",
        "p_2": "{0.25}",
        "p_3": "{0.25}",
    },
    note="How far the model q is from the truth p; only the cross-entropy in it moves with q. "
    "Of two distributions it is never negative.",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.50",
)

norm: Function = Function(
    name="norm",
    latex=r"\mathrm{norm}",
    title="the Euclidean norm",
    value=lambda a: sqrt(total(a.at(j) ** 2, j, 1, n)),
    slope=lambda a: a.at(i) / norm(a),
    by="a_i",
    where={"n": "positive integer"},
    range=">=0",
    drawn={"n": "{2}", "a_2": "{1}"},
    note="Its gradient is the vector of length 1 that points the same way.",
    source="Petersen, Pedersen, The matrix cookbook (2012), equation 129",
)

cosine: Function = Function(
    name="cosine",
    latex=r"\mathrm{cossim}",
    also_called=("cosine_similarity", "cossim"),
    title="the cosine similarity",
    value=lambda a, b: total(a.at(j) * b.at(j), j, 1, n) / (norm(a) * norm(b)),
    slope=lambda a, b: (
        b.at(i) / (norm(a) * norm(b))
        - total(a.at(j) * b.at(j), j, 1, n) * a.at(i) / (norm(a) ** 3 * norm(b))
    ),
    by="a_i",
    where={"n": "positive integer"},
    reach="[-1,1]",
    drawn={"n": "{2}", "a_2": "{1}", "b_1": "{1}", "b_2": "{1}"},
    note="Its gradient is at right angles to a: a longer vector is no more alike.",
    source="PyTorch, torch.nn.CosineSimilarity",
)

cosine_loss: Function = Function(
    name="cosine_loss",
    latex=r"\mathrm{CosineLoss}",
    also_called=("CosineLoss", "cosine_embedding_loss"),
    title="the cosine loss",
    value=lambda a, b: 1 - cosine(a, b),
    slope=lambda a, b: (
        total(a.at(j) * b.at(j), j, 1, n) * a.at(i) / (norm(a) ** 3 * norm(b))
        - b.at(i) / (norm(a) * norm(b))
    ),
    by="a_i",
    where={"n": "positive integer"},
    reach="[0,2]",
    drawn={"n": "{2}", "a_2": "{1}", "b_1": "{1}", "b_2": "{1}"},
    note="For two vectors that should point the same way; neither of them is 0.",
    source="PyTorch, torch.nn.CosineEmbeddingLoss with target 1",
)
