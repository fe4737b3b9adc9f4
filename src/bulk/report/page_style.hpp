// How the report looks: light and dark as the reader's system says, and on paper.
#ifndef USHER_BULK_PAGE_STYLE_HPP
#define USHER_BULK_PAGE_STYLE_HPP

#include <string_view>

namespace usher::bulk {

inline constexpr std::string_view page_style = R"(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#ffffff;--ink:#1b2430;--soft:#5c6877;--line:#dfe4ea;--grid:#edf0f3;
--sent:#3b7dd8;--done:#2a9461;--there:#8bb8a4;--bad:#cf3f3a;--open:#d69a2d;--gone:#8d96a3;--limit:#1b2430}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2028;--ink:#e6eaf0;--soft:#9aa6b4;--line:#2d3641;
--grid:#242c36;--sent:#5b9bf0;--done:#45b883;--there:#39735a;--bad:#ef6a64;--open:#e0b050;--gone:#717c8a;--limit:#e6eaf0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:1000px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:17px;margin:0 0 12px}
p{margin:0 0 12px}
.soft{color:var(--soft)}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin-top:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;margin-top:18px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 8px 12px 12px}
.tile b{display:block;font-size:20px;white-space:nowrap;font-weight:600;font-variant-numeric:tabular-nums}
.tile span{color:var(--soft);font-size:13px}
.tile.bad b{color:var(--bad)}
svg{display:block;width:100%;height:auto}
svg text{font-size:12px;fill:var(--soft)}
.end{text-anchor:end}.middle{text-anchor:middle}
.base{stroke:var(--soft)}.grid{stroke:var(--grid)}
.pause{stroke:var(--open);stroke-dasharray:2 3}
.limit{stroke:var(--limit);stroke-dasharray:6 4;stroke-width:1.5}
svg .limit-name{fill:var(--ink)}
path.sent{fill:var(--sent);fill-opacity:.28;stroke:var(--sent);stroke-width:1.2}
path.finished{fill:none;stroke:var(--done);stroke-width:1.5}
path.refused{fill:var(--bad)}
.latency{fill:var(--sent)}
.bar{display:flex;height:22px;border-radius:6px;overflow:hidden;gap:1px;margin-bottom:8px}
.bar span{flex-basis:0;min-width:3px}
.created{background:var(--done)}.adopted{background:var(--there)}.failed{background:var(--bad)}.open{background:var(--open)}
.removed{background:var(--gone)}.key-sent{background:var(--sent)}.key-done{background:var(--done)}.key-bad{background:var(--bad)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;padding:0;font-size:13px;color:var(--soft)}
.legend b{color:var(--ink);font-weight:600}
.legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:13px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{font:13px ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media print{body{background:#fff}section,.tile{break-inside:avoid}}
)";

} // namespace usher::bulk

#endif
