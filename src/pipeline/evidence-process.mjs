// Computes one answer about the evidence in a process of its own: a minute of arithmetic would keep a server from answering.
import 'tsx/esm';

await import('./evidence-process.ts');
