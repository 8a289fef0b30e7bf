# One image for every service; the command picks the service.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
# The lockfile alone decides what is downloaded: this layer stays until it changes.
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" fetch --prod
COPY packages packages
COPY services services
# No `pnpm deploy`: it copies our packages into node_modules, where Node does not run TypeScript.
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" \
    install --prod --offline --frozen-lockfile --filter './packages/*' --filter './services/*'

FROM node:24-slim
WORKDIR /app
# /tmp is memory in docker-compose.yml.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache
# Volumes mounted here belong to the user that the services run as.
RUN mkdir -p /secrets /simulator /handed-out && cd /handed-out && \
    mkdir ingress inbound-router subscriptions feeds notifications failover outbound console echo simulator redis grafana && \
    chown -R node:node /secrets /simulator /handed-out
COPY --from=build /app ./
COPY scripts scripts
COPY switchboard.config.json ./
USER node
CMD ["node", "services/ingress/src/main.ts"]
