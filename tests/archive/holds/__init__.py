"""Standing rules: who took part when, and what is therefore held."""
