export interface Observations {
  readonly x: number;
}
