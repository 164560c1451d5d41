"""Who spoke where, when and how much: counted for reports, kept ready, and compared with the record.

Five million messages cannot be added up while somebody waits. What each person said in each session on each UTC day is
counted when the log tells of it (`following`), and reports add up these counts (`figures`, `times`): whole months, the
days beside them, and the messages themselves for the hours by which a zone's days differ from those of UTC. So every
figure is exact for every zone, as of the moment the counts say. They are derived: `rebuild` drops them and they are
made anew, and `checking` compares them with the record, some sessions at a time, for ever.

Nothing here reads what was said. Readers return plain frozen values; who may see them is for the caller to ask.
"""
