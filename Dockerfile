# syntax=docker/dockerfile:1
# Bellwether in one image: the service, and both engines for those who do not bring servers of their own.

FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Versions are those of the lock file, wherever they are fetched from; its addresses are not asked.
RUN npm install --omit=dev --no-save --no-audit --no-fund --loglevel=error && npm cache clean --force

FROM node:20.20.2-bookworm-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --no-save --no-audit --no-fund --loglevel=error && npm cache clean --force
COPY tsconfig.json vite.config.ts ./
COPY src/web ./src/web
RUN ["npx", "vite", "build", "--config", "vite.config.ts", "--logLevel", "error"]

FROM node:20.20.2-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --system --gid 10001 bellwether \
  && useradd --system --uid 10001 --gid bellwether --home-dir /workspace --shell /usr/sbin/nologin bellwether \
  && install --directory --owner=bellwether --group=bellwether --mode=0700 /workspace
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY scripts/bellwether.mjs scripts/web.mjs ./scripts/
COPY schema ./schema
COPY src ./src
COPY --from=pages /app/dist ./dist
ENV NODE_ENV=production \
  BELLWETHER_WORKSPACE=/workspace \
  BELLWETHER_DRAIN_SECONDS=5
USER bellwether
VOLUME /workspace
EXPOSE 8321
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8321/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# tini buries the engines' guards when they end; Bellwether itself ends well on SIGTERM.
ENTRYPOINT ["/usr/bin/tini", "--", "node", "scripts/bellwether.mjs"]
CMD ["serve", "--host", "0.0.0.0"]
