/** The style of the report: one column, tabular figures, both themes from the same names, and print. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfcfc;--ink:#17211f;--soft:#5b6966;--line:#dce3e1;--accent:#0b6e69;--s0:#0b6e69;--s1:#b4541a;--s2:#5a4fa0;--s3:#7a6a00;--off:#7b8784}
@media (prefers-color-scheme:dark){:root{--paper:#111716;--ink:#e6ecea;--soft:#9aa8a4;--line:#2b3533;--accent:#5cc4bc;--s0:#5cc4bc;--s1:#f0a06a;--s2:#b0a6f2;--s3:#d8c75a;--off:#8b9794}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:920px;padding:24px 20px 64px;background:var(--paper);color:var(--ink);font:14px/20px Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:28px;line-height:34px;font-weight:600;margin:0}
h2{font-size:20px;line-height:26px;font-weight:600;margin:0 0 8px}
h3{font-size:16px;line-height:24px;font-weight:600;margin:28px 0 4px}
section p{max-width:68ch}
.product,.frame{color:var(--soft);margin:4px 0}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:12px 0 0;padding:12px 0;border-block:1px solid var(--line)}
a{color:var(--accent)}
section{padding:28px 0 8px;border-bottom:1px solid var(--line)}
.lead{font-size:16px;line-height:24px;max-width:68ch;margin:0 0 16px}
.warning{border-left:3px solid var(--s1);padding-left:12px;max-width:68ch}
figure{margin:20px 0}
figcaption{font-weight:500;max-width:72ch;margin-bottom:8px}
.scroll{overflow-x:auto}
.chart{width:100%;min-width:640px;height:auto;font-size:12px;fill:var(--ink)}
.chart text{fill:var(--ink)}
.chart .grid line{stroke:var(--line)}
.chart .grid text,.chart .tick,.chart .side,.chart .note{fill:var(--soft)}
.chart .neutral{stroke:var(--ink)}
.series .line{fill:none;stroke-width:2}
.series .band{opacity:.15;stroke:none}
.s0 .line{stroke:var(--s0)}.s1 .line{stroke:var(--s1)}.s2 .line{stroke:var(--s2)}.s3 .line{stroke:var(--s3)}
.s0 .band{fill:var(--s0)}.s1 .band{fill:var(--s1)}.s2 .band{fill:var(--s2)}.s3 .band{fill:var(--s3)}
.chart .s0 text{fill:var(--s0)}.chart .s1 text{fill:var(--s1)}.chart .s2 text{fill:var(--s2)}.chart .s3 text{fill:var(--s3)}
.chart .chance{stroke:var(--ink);stroke-width:1.5}
.bar rect{fill:none;stroke:var(--off);stroke-width:1.5}
.bar.holds rect{fill:var(--s1);stroke:var(--s1)}
.estimate line{stroke:var(--off);stroke-width:2}
.estimate circle{fill:var(--paper);stroke:var(--off);stroke-width:2}
.estimate.holds line,.estimate.holds circle{stroke:var(--s0)}
.estimate.holds circle{fill:var(--s0)}
.estimate.carried line,.estimate.carried circle{stroke:var(--s0);stroke-dasharray:3 2}
.estimate.fails line,.estimate.fails circle{stroke:var(--s1)}
details{margin-top:6px}
summary{cursor:pointer;color:var(--accent)}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:8px 0}
caption{text-align:left;color:var(--soft);padding-bottom:4px}
.heat caption span{display:block;max-width:min(100%,calc(100vw - 40px))}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:500}
th.number,td.number{text-align:right}
td.number,td.whole{white-space:nowrap}
td.none{color:var(--soft)}
.note{color:var(--soft);margin:4px 0 16px}
pre{overflow-x:auto;white-space:pre;font-size:12px;line-height:16px}
.heat th[scope=row]{white-space:nowrap}
.heat thead th:not(:first-child){text-align:right}
.heat .field{text-align:right;padding-left:12px;background:color-mix(in srgb,var(--s0) calc(var(--heat)*.7),transparent);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.heat .empty{color:var(--soft);background:none}
.heat .held{box-shadow:inset 0 0 0 2px var(--ink)}
.heat small{display:block;font-size:11px;line-height:14px;min-height:14px}
@media (max-width:600px){
table.cards,.cards caption,.cards tbody,.cards tr,.cards td{display:block}
.cards thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.cards tr{padding:8px 0;border-bottom:1px solid var(--line)}
.cards td,.cards td.number{display:grid;grid-template-columns:7.5em 1fr;gap:8px;padding:2px 0;border:0;text-align:left}
.cards td::before{content:attr(data-name);color:var(--soft)}
.cards td.none,.cards td.number:empty{display:none}
.cards td:first-child{display:block;font-weight:500}
.cards td:first-child::before{content:none}
}
footer{color:var(--soft);padding-top:16px;max-width:72ch}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#ccc}body{max-width:none;padding:0}nav{display:none}section{break-inside:auto}svg,tr{break-inside:avoid}h2,figcaption,caption{break-after:avoid}thead{display:table-header-group}.table,.scroll{overflow:visible}.chart{min-width:0}pre{white-space:pre-wrap}table{font-size:12px;line-height:16px}th,td{padding:3px 6px 3px 0}td.whole{white-space:normal}
details::details-content{content-visibility:visible;block-size:auto}.long::details-content{display:none}
summary{color:var(--soft);list-style:none}summary::-webkit-details-marker{display:none}figure summary{display:none}.long summary::after{content:" (not printed: it is long)"}}
`;
