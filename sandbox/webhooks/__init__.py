"""Webhooks: the events of the world, posted to a subscriber as they happen.

`causes.py` tells which deed is which events, `table.py` how each of the events is made, `courier.py` brings
them. What is sent is decided when it happens; a subscriber that is slow, wrong or gone never holds up the world.
"""
