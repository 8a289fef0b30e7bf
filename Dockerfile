# One image for every service; the command picks the service. `--target simulator` is the simulator alone.

FROM node:24-slim AS fetched
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
# The lockfile alone decides what is downloaded: this layer stays until it changes.
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" fetch --prod
COPY packages packages
COPY services services

FROM fetched AS simulator-build
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" \
    install --prod --offline --frozen-lockfile --filter '@switchboard/simulator...'

FROM node:24-slim AS simulator
WORKDIR /app
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    SIMULATOR_HOST=0.0.0.0 \
    SIMULATOR_DATA=/data
RUN mkdir /data && chown node:node /data
COPY --from=simulator-build /app/node_modules node_modules
COPY --from=simulator-build /app/packages/runtime packages/runtime
COPY --from=simulator-build /app/packages/tokens packages/tokens
COPY --from=simulator-build /app/packages/contracts packages/contracts
COPY --from=simulator-build /app/services/simulator services/simulator
COPY package.json pnpm-workspace.yaml ./
USER node
VOLUME /data
EXPOSE 9200
ENTRYPOINT ["node", "services/simulator/src/main.ts"]

FROM fetched AS build
# No `pnpm deploy`: it copies our packages into node_modules, where Node does not run TypeScript.
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" \
    install --prod --offline --frozen-lockfile --filter './packages/*' --filter './services/*'
# What bundles the services stays behind.
RUN node packages/bundle/src/run.ts && rm -rf packages/bundle node_modules/.pnpm/*rolldown*

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
CMD ["node", "build/ingress.mjs"]
