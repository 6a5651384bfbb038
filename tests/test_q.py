from hypothesis import given, settings, strategies as st
from symderiv.reading import read
@settings(max_examples=3000, deadline=None)
@given(data=st.data())
def test_rt(data, expressions, names):
    e=data.draw(expressions); print("TXT", str(e))
    assert read(str(e), names) is e
