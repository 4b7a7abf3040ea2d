import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  ...[BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, ScatterChart],
  ...[
    DataZoomInsideComponent,
    GridComponent,
    LegendComponent,
    MarkAreaComponent,
    MarkLineComponent,
    MarkPointComponent,
  ],
  ...[TitleComponent, TooltipComponent, VisualMapComponent, SVGRenderer],
]);

/** Draws on an element, as SVG; a chunk of its own, loaded with the first chart. */
export { init };
