"""Notices: custodians are told that they have to keep something, reminded, and told when it is over.

Promises: what is reviewed is what is sent, and what was sent is kept, with its SHA-256 in the audit trail; nothing is sent
twice blindly; only the custodian's own link acknowledges, and only by a button; every wording is approved by a second
person before it is used. Must never show the secret part of a link to anybody but in the notice itself.

`placeholders`, `links` and `rendering` make a text; `wordings` keeps its versions; `writing` makes one notice,
`preparing` and `following` those that are due; `sending` sends them, by `mailing` or Zoom chat; `acknowledging` is the
custodian's side, `plans`, `deciding` and `reading` the members'.
"""
