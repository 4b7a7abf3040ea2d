import { createHash } from 'node:crypto';

/** What the embedded engine's two configuration files are made of. */
export interface EngineSettings {
  readonly usersFile: string;
  readonly temporaryDirectory: string;
  readonly backupDirectory: string;
  readonly memoryLimitBytes: number;
  readonly database: string;
  readonly password: string;
  readonly rehearsal: Rehearsal | null;
}

/**
 * A cluster that the embedded engine plays by itself, for tests: it finds mistakes of queries over several shards, and
 * none of the network, of replication or of ON CLUSTER.
 *
 * Why parts of XML: what makes one server look like two is a matter of the test that wants it.
 */
export interface Rehearsal {
  readonly cluster: string;
  /** Goes into the server's configuration: `remote_servers`, and a `tcp_port` by which a shard is known as the server itself. */
  readonly server: string;
  /** Goes into the configuration of the `app` user: which rows each shard has. */
  readonly app: string;
}

/** Share of the engine's memory that one query may take. */
const QUERY_SHARE = 0.8;
/** Share at which sorts and groups go to disk. */
const SPILL_SHARE = 0.35;
/** Room for the statement of a streamed insert, which travels in the address of the request. */
const MAX_FIELD_BYTES = 16 * 1024 * 1024;
/** Files that were replaced and are due are looked for this often, so that what was erased is gone soon. */
const CLEANUP_SECONDS = 10;
const MARK_CACHE_BYTES = 128 * 1024 * 1024;

/** Rights of the `app` user on our own database, and of a server's user for us (deploy/clickhouse): no users, roles, definers, policies or system commands. */
export const APP_RIGHTS =
  'SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE, OPTIMIZE, BACKUP, dictGet';

/** The server's configuration file as XML. */
export function serverXml(settings: EngineSettings): string {
  return `<clickhouse>
  <users_config>${escapeXml(settings.usersFile)}</users_config>
  <tmp_path>${escapeXml(settings.temporaryDirectory)}/</tmp_path>
  <max_server_memory_usage>${settings.memoryLimitBytes}</max_server_memory_usage>
  <mark_cache_size>${MARK_CACHE_BYTES}</mark_cache_size>
  <merge_tree>
    <cleanup_delay_period>${CLEANUP_SECONDS}</cleanup_delay_period>
    <max_cleanup_delay_period>${CLEANUP_SECONDS}</max_cleanup_delay_period>
    <cleanup_delay_period_random_add>1</cleanup_delay_period_random_add>
  </merge_tree>
  <backups><allowed_path>${escapeXml(settings.backupDirectory)}/</allowed_path></backups>
  <timezone>UTC</timezone>
  <logger><level>warning</level></logger>${settings.rehearsal?.server ?? ''}
</clickhouse>
`;
}

/**
 * Users and grants as XML.
 *
 * `default` is passwordless because the launcher's own query runs as it, and may only do what that query does.
 * `app` holds our own database and reads `system`; file(), url(), remote() and the like are refused to it.
 */
export function usersXml(settings: EngineSettings): string {
  const hash = createHash('sha256').update(settings.password).digest('hex');
  const perQuery = Math.floor(settings.memoryLimitBytes * QUERY_SHARE);
  const spill = Math.floor(settings.memoryLimitBytes * SPILL_SHARE);
  return `<clickhouse>
  <profiles>
    <default>
      <http_max_field_value_size>${MAX_FIELD_BYTES}</http_max_field_value_size>
      <http_max_uri_size>${MAX_FIELD_BYTES}</http_max_uri_size>
    </default>
    <app>
      <max_memory_usage>${perQuery}</max_memory_usage>
      <max_bytes_before_external_group_by>${spill}</max_bytes_before_external_group_by>
      <max_bytes_before_external_sort>${spill}</max_bytes_before_external_sort>
    </app>
  </profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT READ ON FILE</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    <app>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>app</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT ${APP_RIGHTS} ON ${settings.database}.*</query>
        <query>GRANT TABLE ENGINE ON *</query>
        <query>GRANT SELECT ON system.*</query>
      </grants>${settings.rehearsal?.app ?? ''}
    </app>
  </users>
</clickhouse>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
