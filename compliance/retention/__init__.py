"""Retention of channels at Zoom: how each stands, what our rules say, and changing it, with a second person to shorten.

1. archive.capture.lookouts reads every channel again and again; `standing` compares what was read with the rules and the
   holds, and finds drift.
2. `rules` says how long which channels keep messages, and why; a rule changes nothing at Zoom.
3. `plans` works out what the rules would change, channel by channel, bound by a digest.
4. `approving` begins one: at once where nothing gets shorter, by a request that a second person approves where it does.
5. `applying` changes one channel after the other at Zoom and reads it back; a hold wins until the last moment.
"""
