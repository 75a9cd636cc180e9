# The course, its load runner and a simulated endpoint, as `npm start` serves them. Not run by the project's tests; hosting/README.md says how to use it.
#
# A tag can come to mean another image; a digest can't. This one is a placeholder of zeros, with which a build ends at once: put in the digest of the image
# that you have looked at, as `docker buildx imagetools inspect node:24-bookworm-slim` prints it.
ARG NODE_IMAGE=node:24-bookworm-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000

FROM ${NODE_IMAGE} AS build
WORKDIR /course
# What is installed changes less often than what is written.
COPY package.json package-lock.json ./
COPY tools/empty tools/empty
RUN npm ci --no-audit --no-fund
COPY . .
ARG BASE=/
RUN BASE=${BASE} npm run build && npm prune --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NO_COLOR=1
ARG BASE=/
ENV BASE=${BASE}
WORKDIR /course
# Owned by root and readable by all: whoever breaks into the process can't change what it serves.
COPY --from=build /course/package.json ./
COPY --from=build /course/node_modules ./node_modules
COPY --from=build /course/src ./src
COPY --from=build /course/dist ./dist
USER node
EXPOSE 4321
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4321' + process.env.BASE).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# Node itself as the first process, so that SIGTERM reaches it.
CMD ["node", "src/server/start.ts", "--no-build", "--host", "--port", "4321"]
