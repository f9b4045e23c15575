"""How the market is made up: who there is, where the homes are, what they earn and what happens."""
