"""How long the archive keeps what it has, and how what is due goes: rules, dispositions, requests for erasure.

1. `rules`: who keeps what how long, and why; what makes anything go sooner takes two people.
2. What is due is put together as a frozen set (`gathering`), looked at (`reviewing`), asked for and approved by another
   person (`asking`), and destroyed batch by batch once it has cooled off (`executing`).
3. `paths` says of one message why it is still here, or when and why it went.
"""
