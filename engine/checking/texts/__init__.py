"""The checks of the texts, which read them as a careful editor would."""
