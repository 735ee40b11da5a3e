/// The style sheet of a report.
enum ReportStyle {
    /// The whole sheet.
    static var sheet: String { [colours, page, verdict, charts, tables, narrow, printing].joined() }

    /// Series colours after Okabe and Ito, a shade darker on light and lighter on dark ground.
    private static let colours = """
        :root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#15191e;--muted:#59636e;--rule:#dde1e6;
        --grid:#eaedf0;--zoo:#0072b2;--fresh:#00825d;--generated:#cb4b00;--noise:#a63f80;--average:#8f6700;
        --gaussian:#4b5560;--nearest:#5a6fb0;--other:#68707a;--green:#0b7a4b;--amber:#a75300;--red:#b3261e;
        --halo:#fff}
        @media(prefers-color-scheme:dark){:root{--ground:#101418;--card:#181d23;--ink:#e8ebee;--muted:#a0aab4;
        --rule:#313942;--grid:#262d35;--zoo:#58b4e8;--fresh:#2fc795;--generated:#ff8548;--noise:#e58fc1;
        --average:#e3b23c;--gaussian:#b3bdc7;--nearest:#8fd0f2;--other:#8b949d;--green:#0c7d4e;--amber:#a95a06;
        --red:#c23a31;--halo:#181d23}}
        .s-zoo,.k-6{--c:var(--zoo)}.s-fresh,.k-1{--c:var(--fresh)}.s-generated,.k-0{--c:var(--generated)}
        .s-noise,.k-3{--c:var(--noise)}.s-average,.k-2{--c:var(--average)}.s-gaussian,.k-4{--c:var(--gaussian)}
        .s-nearest,.k-5{--c:var(--nearest)}.s-other{--c:var(--other)}

        """

    private static let page = """
        *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
        main{max-width:1168px;margin:0 auto;padding:28px 24px 64px}
        h1{font-size:30px;line-height:1.2;margin:0 0 12px;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{font-size:21px;margin:36px 0 12px}h3{font-size:16.5px;margin:0 0 2px}
        .kicker{margin:0 0 2px;color:var(--muted);font-size:13px;letter-spacing:.04em}
        .prose{max-width:76ch;margin:0 0 10px}.help{color:var(--muted);margin:0 0 10px;font-size:13.5px}
        .card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px 20px;margin:16px 0}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px;margin:16px 0}
        .pair>*{margin:0}.pair:has(>.absent){display:block}
        .absent{color:var(--muted);font-style:italic}p.absent{margin:12px 2px}.card ul{margin:10px 0 0;padding-left:20px;font-size:14px}
        .named{display:inline-flex;align-items:baseline;gap:7px}.named .icon{align-self:center}
        details>summary{cursor:pointer;font-weight:600;padding:4px 0}
        details>summary small{font-weight:400;color:var(--muted);font-size:13.5px}
        details.arm{border-top:2px solid var(--rule);padding:8px 0}details.arm>summary{font-size:18px}
        details.arm>details{margin-left:4px}
        .light{display:inline-block;width:11px;height:11px;border-radius:50%;margin-right:5px}
        .light.green{background:var(--green)}.light.amber{background:var(--amber);border-radius:2px}
        .light.red{background:var(--red);border-radius:0;transform:rotate(45deg) scale(.85)}
        pre{overflow:auto;font:12.5px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;margin:8px 0;max-height:520px}
        a{color:inherit}code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace}
        .scroll:focus-visible,pre:focus-visible{outline:2px solid var(--zoo)}

        """

    private static let verdict = """
        .verdict{border-radius:14px;color:#fff;padding:22px 28px 18px;margin:20px 0}
        .verdict.green{background:var(--green)}.verdict.amber{background:var(--amber)}
        .verdict.red{background:var(--red)}
        .verdict .word{font-size:36px;font-weight:750;line-height:1.15;margin:0;letter-spacing:-.015em}
        .verdict .sign{display:inline-block;min-width:44px}
        .verdict .sentence{font-size:19px;line-height:1.4;margin:8px 0 18px;max-width:88ch}
        .numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:14px}
        .numbers>div{background:rgba(0,0,0,.17);border-radius:10px;padding:12px 16px}
        .numbers p{margin:0;font-size:13.5px;line-height:1.35}
        .numbers .big{font-size:40px;font-weight:700;line-height:1.2;letter-spacing:-.02em;
        font-variant-numeric:tabular-nums}.numbers .big small{font-size:22px;font-weight:500}
        .numbers .absent{color:inherit;font-size:22px;line-height:48px}
        .verdict details{margin-top:12px}
        .verdict ul{margin:14px 0 0;padding-left:20px;font-size:14px}

        """

    private static let charts = """
        .card{container-type:inline-size}figure svg[role]{display:block;width:100%;height:auto;margin:0 auto;
        font-family:inherit}.room-page svg[role]{max-width:1080px}.room-column svg[role]{max-width:680px}
        .room-phone svg[role]{max-width:460px}.room-column,.room-phone{display:none}
        .widest-column .room-column{display:block}
        .tick{font-size:12px;fill:var(--muted)}.axis-title{font-size:13px;fill:var(--ink)}
        .grid{stroke:var(--grid)}.frame{fill:none;stroke:var(--rule)}.base{stroke:var(--rule)}
        .cloud path{fill:var(--c);fill-opacity:.34;stroke:var(--c);stroke-opacity:.6;stroke-width:.7}
        .dust{fill:none;stroke:var(--c);stroke-width:3.2;stroke-linecap:round;stroke-opacity:.22}
        .mark{fill:var(--c);stroke:var(--halo);stroke-width:1.4}.open{fill:none;stroke:var(--c);stroke-width:2.4}
        .whisker{stroke:var(--c);stroke-width:2}.leader{stroke:var(--c);stroke-width:.8;stroke-opacity:.7}
        .path{fill:none;stroke:var(--c);stroke-width:1.4;stroke-dasharray:5 4}
        .line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
        .raw{stroke-width:1;stroke-opacity:.38}.frontier{stroke-dasharray:7 3}
        .ring path{fill:none;stroke:var(--c);stroke-width:1.3;stroke-opacity:.85}
        .label{font-size:12px;fill:var(--c);paint-order:stroke;stroke:var(--halo);stroke-width:3.5px;
        stroke-linejoin:round}.strong{font-size:14px;font-weight:700}
        .region-name{font-size:12px;font-style:italic;fill:var(--muted)}
        .zone-copies{fill:var(--amber);fill-opacity:.2}.zone-near{fill:var(--amber);fill-opacity:.08}
        .zone-target{fill:var(--fresh);fill-opacity:.15;stroke:var(--fresh);stroke-opacity:.6;stroke-dasharray:3 3}
        .limit{stroke:var(--amber);stroke-opacity:.55;stroke-dasharray:2 3;fill:none}
        .bars{fill:var(--c);fill-opacity:.85}.mean{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:2 2}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:8px;font-size:13px;color:var(--muted)}
        .legend span{display:inline-flex;align-items:center;gap:6px}.icon{flex:none;vertical-align:-2px}

        """

    private static let tables = """
        .scroll{overflow-x:auto;background:linear-gradient(to left,var(--card) 40%,transparent) right/32px 100%
        no-repeat local,linear-gradient(to left,color-mix(in srgb,var(--ink) 30%,transparent),transparent) right/16px
        100% no-repeat scroll}table{border-collapse:collapse;width:100%;font-size:13px;
        font-variant-numeric:tabular-nums}
        th,td{padding:5px 7px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid)}
        thead th{color:var(--muted);font-weight:600;border-bottom:1px solid var(--rule);vertical-align:bottom;
        white-space:normal}
        th:first-child{text-align:left;padding-left:0}tbody th{font-weight:500}
        .scroll th:first-child{position:sticky;left:0;background:var(--card)}
        tr.generated th,tr.generated td{font-weight:700;background:color-mix(in srgb,var(--generated) 11%,transparent)}
        .scroll tr.generated th{background:color-mix(in srgb,var(--generated) 11%,var(--card))}
        .words{display:inline-block;white-space:normal;max-width:22ch}.words.verdict-word{min-width:14ch}
        tr.prose-row td{white-space:normal;text-align:left;vertical-align:top}.cards thead th{text-align:left}
        dl{margin:6px 0 0;font-size:14px}dl div{display:flex;justify-content:space-between;gap:16px;padding:4px 0;
        border-bottom:1px solid var(--grid)}dt{color:var(--muted)}
        dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}

        """

    /// What changes where a card is too narrow for it: pictures are drawn anew, tables of sentences become cards.
    private static let narrow = """
        @container(max-width:990px){.room-page{display:none}.room-column{display:block}}
        @container(max-width:486px){.room-column,.widest-column .room-column{display:none}.room-phone{display:block}
        dl div{display:block}dd{text-align:left}.words{width:max-content;max-width:12ch}
        .scroll th:first-child{min-width:98px;max-width:46cqw;white-space:normal}}
        @container(max-width:720px){.scroll th,.scroll td{padding:5px 4px}.scroll th:first-child{padding-left:0}
        .cards thead{display:none}.cards tr{display:block;padding:8px 0;
        border-bottom:1px solid var(--rule)}.cards th,.cards td,.cards tr.prose-row td{display:block;text-align:left;
        white-space:normal;padding:1px 6px;border:0}.cards th{font-weight:700}.cards tr.prose-row td:empty{display:none}
        .cards td::before{content:attr(data-label)": ";color:var(--muted)}}
        @media(max-width:600px){main{padding:16px 10px 40px}.card{padding:12px 14px}.verdict{padding:16px 16px 12px}
        .verdict .word{font-size:26px}.verdict .sign{min-width:30px}.verdict .sentence{font-size:16px}
        .numbers{grid-template-columns:1fr}.numbers .big{font-size:30px}h1{font-size:25px}}

        """

    private static let printing = """
        @media print{body{background:#fff;font-size:12px}main{max-width:none;padding:0}
        .card,.verdict{break-inside:avoid}.verdict,.bars,.light{print-color-adjust:exact;
        -webkit-print-color-adjust:exact}details::details-content{content-visibility:visible;display:block}
        pre{max-height:none;white-space:pre-wrap}.scroll{overflow:visible}table{font-size:10px}th,td{padding:3px 4px}}

        """
}
