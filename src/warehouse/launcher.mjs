// The process in which the ClickHouse of the npm package `chdb` runs, and nothing else.
//
// `query_stable_v2` is `clickhouse local`: it serves HTTP until its stdin closes, and never returns before. The parent
// holds the other end of that pipe, so the death of the parent, by whatever means, ends this process.
// Why JavaScript: it must start under plain node, without a loader, to be small and quick.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { DataType, load, open } = require('ffi-rs');
const { libchdbPath } = require('chdb/libchdb');

const SERVE_UNTIL_STDIN_CLOSES = "SYSTEM START LISTEN HTTP; SELECT count() FROM file('-', 'LineAsString', 'l String')";

const [path, port, config] = process.argv.slice(2);
const argv = [
  'clickhouse',
  `--path=${path}`,
  `--http_port=${port}`,
  '--listen_host=127.0.0.1',
  '--output-format=Null',
  `--config-file=${config}`,
  `--query=${SERVE_UNTIL_STDIN_CLOSES}`,
];

open({ library: 'libchdb', path: libchdbPath() });
load({
  library: 'libchdb',
  funcName: 'query_stable_v2',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
});
process.exit(0);
