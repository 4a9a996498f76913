#!/bin/sh
# Bake the shaders for every graphics API that Qt may choose. Run after a change; results are kept.
set -eu
cd "$(dirname "$0")"
for source in sprite.vert sprite.frag line.vert line.frag fill.vert fill.frag heat.vert heat.frag; do
    "${QSB:-pyside6-qsb}" --glsl "100 es,120,150,300 es,440" --hlsl 50 --msl 12 -o "$source.qsb" "$source"
done
