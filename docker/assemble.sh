#!/bin/sh
# assemble.sh COMPILED INSTALLED TARGET WORKSPACE: puts together what one image holds. Workspaces are links in node_modules, so
# folders keep their places: what was compiled comes from COMPILED, dependencies from INSTALLED.
set -eu
compiled=$1 installed=$2 target=$3 workspace=$4

mkdir -p "$target"
cp -R "$installed/node_modules" "$target/node_modules"
cp "$installed/package.json" "$installed/sbom.cdx.json" "$target/"
cp "$(dirname "$0")/healthcheck.cjs" "$target/"

# The service and the workspaces that it links to.
for link in "$target"/node_modules/@teleop/*; do
  place=$(readlink "$link")
  place=${place#../../}
  mkdir -p "$target/$place"
  cp "$installed/$place/package.json" "$target/$place/"
  cp -R "$compiled/$place/dist" "$target/$place/dist"
  # Versions of its own that could not be shared.
  if [ -d "$installed/$place/node_modules" ]; then
    cp -R "$installed/$place/node_modules" "$target/$place/node_modules"
  fi
done

# What it reads beside its code: pages, documents, maps.
for extra in public generated maps; do
  if [ -d "$compiled/$workspace/$extra" ]; then cp -R "$compiled/$workspace/$extra" "$target/$workspace/$extra"; fi
done
find "$target" \( -name '*.d.ts' -o -name '*.tsbuildinfo' -o -name '*.map' \) -type f -delete
test -f "$target/$workspace/dist/main.js"
