import { ActionIcon, Button, Menu, Tooltip, useComputedColorScheme } from '@mantine/core';
import { useElementSize, useReducedMotion } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import styles from './chart.module.css';
import { type Drawing, saveCsv, savePng, saveSvg } from './chart-export.ts';
import { ChartRows, type ChartTable } from './chart-table.tsx';
import { type ChartInk, chartInk, chartTheme } from './chart-theme.ts';

/** What was clicked in a chart: the datum as the option gave it, and its place. */
export interface Picked {
  readonly name: string;
  readonly dataIndex: number;
  readonly seriesName?: string;
  readonly seriesIndex?: number;
  readonly dataType?: string;
  readonly data: unknown;
}

/** A picture with its sentence, the same in rows beside it, and both to keep. */
export interface ChartProps {
  /** The sentence that says what the picture shows; its accessible name too. */
  readonly title: string;
  /** Name of the file that is saved, without an ending. */
  readonly file: string;
  readonly height: number;
  /**
   * What to draw, in the words of the drawing library, with the ink of the reader's theme. Keep it stable (`useCallback`):
   * another function is another picture. Axes, type and boxes are styled already; text in a formatter goes through
   * `tipMarkup` or `plainMarkup`.
   */
  readonly option: (ink: ChartInk) => EChartsCoreOption;
  readonly table: ChartTable;
  /** Goes to the accounts behind what was clicked; whoever has no mouse goes by the links of the table. */
  readonly onPick?: (picked: Picked) => void;
  readonly note?: ReactNode;
}

/** Draws where it is looked at; the drawing library comes with the first chart of a visit, and the frame has its size before. */
export function Chart({ title, file, height, option, table, onPick, note }: ChartProps) {
  const [isTable, setIsTable] = useState(false);
  const drawn = useDrawn({ option, height }, onPick);
  const drawing = (): Drawing | null => {
    const { theme } = drawn.ink;
    const svg = drawn.chart.current?.renderToSVGString();
    if (svg === undefined) return null;
    return { svg, width: drawn.width, height, title, ground: theme.ground, text: theme.text };
  };
  return (
    <figure className={styles['figure']}>
      <div className={styles['head']}>
        <figcaption className={styles['title']}>{title}</figcaption>
        <Tools file={file} table={table} drawing={drawing} isTable={isTable} onTable={setIsTable} />
      </div>
      <div hidden={isTable} ref={drawn.frame} className={styles['frame']} style={{ height }}>
        {!drawn.isReady && <div className={styles['coming']} aria-hidden />}
        <div
          ref={drawn.canvas}
          className={styles['canvas']}
          role="img"
          aria-label={title}
          data-drawn={drawn.isReady}
          style={onPick === undefined ? undefined : { cursor: 'pointer' }}
        />
      </div>
      {isTable && <ChartRows label={title} table={table} />}
      {note !== undefined && <div className={styles['note']}>{note}</div>}
    </figure>
  );
}

function Tools({
  file,
  table,
  drawing,
  isTable,
  onTable,
}: {
  readonly file: string;
  readonly table: ChartTable;
  readonly drawing: () => Drawing | null;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}) {
  const keep = (save: (drawn: Drawing, name: string) => void | Promise<void>) => () => {
    const drawn = drawing();
    if (drawn !== null) void save(drawn, file);
  };
  return (
    <div className={styles['tools']}>
      <Button variant="subtle" size="compact-sm" onClick={() => onTable(!isTable)}>
        {isTable ? 'Show as chart' : 'Show as table'}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label="Save">
            <ActionIcon variant="subtle" aria-label="Save this chart">
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={keep(savePng)}>Picture (PNG)</Menu.Item>
          <Menu.Item onClick={keep(saveSvg)}>Drawing (SVG)</Menu.Item>
          <Menu.Item onClick={() => saveCsv(table, file)}>Table (CSV)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** A chart on its element, drawn anew when what to draw, the theme or the width changes. */
function useDrawn(
  { option, height }: Pick<ChartProps, 'option' | 'height'>,
  onPick: ((picked: Picked) => void) | undefined,
) {
  const scheme = useComputedColorScheme('light');
  const isStill = useReducedMotion();
  const { ref: frame, width: seen } = useElementSize<HTMLDivElement>();
  const [width, setWidth] = useState(0);
  // While the table is shown the frame has no width; the picture keeps the one it had, and can still be saved.
  if (seen > 0 && seen !== width) setWidth(seen);
  const canvas = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [isReady, setIsReady] = useState(false);
  const picked = useLatest(onPick);
  const isWide = width > 0;
  const isNarrow = chartInk(scheme, width).isNarrow;
  // The ink hangs on whether the frame is narrow alone, so that dragging a window does not draw everything anew.
  const ink = useMemo(() => chartInk(scheme, isNarrow ? 0 : Number.POSITIVE_INFINITY), [scheme, isNarrow]);
  useEffect(() => {
    let isGone = false;
    if (!isWide) return;
    void import('./chart-engine.ts').then(({ init }) => {
      if (isGone || canvas.current === null) return;
      chart.current = init(canvas.current, chartTheme(ink), { renderer: 'svg' });
      chart.current.on('click', (event) => picked.current?.(event as unknown as Picked));
      setIsReady(true);
    });
    return () => {
      isGone = true;
      chart.current?.dispose();
      chart.current = null;
      setIsReady(false);
    };
  }, [ink, isWide, picked]);
  useEffect(() => {
    if (!isReady) return;
    chart.current?.setOption({ ...option(ink), animation: !isStill }, true);
  }, [isReady, option, ink, isStill]);
  useEffect(() => {
    if (width > 0) chart.current?.resize({ width, height });
  }, [width, height]);
  return { frame, canvas, chart, ink, width, isReady };
}

function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  return latest;
}
