"""Acme Instruments, an invented maker of industrial sensors: the world of the demo.

Sixty people in nine departments talk in six scripts for six months; five story lines run through the small
talk for an investigator to find. Everybody and everything here is invented. Names, phrases and stories are
data; `company.py` makes a world of them, the same one for the same seed and day.
"""
