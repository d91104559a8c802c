#!/bin/sh
# Opens the writing page (docs/ecrire.md) by a double-click on macOS.
cd "$(dirname "$0")" || exit
./inv write || { printf 'Entrée ferme cette fenêtre. '; read -r _; }
