"""A file of answers becomes a report: one question at a time, each answer in a worker process.

An answer is checked by the same call as from Python (`symderiv.check`), its feedback is
composed by `documents`; here is what surrounds them: files, workers, the journal, tables.
No mathematics is decided here.
"""
