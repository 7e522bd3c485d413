using System.Globalization;

namespace SpeechGan.Reports;

/// <summary>Command, seed, commit, versions, machine and configuration of a run; what was not recorded is said to be absent.</summary>
internal static class ReproductionSection
{
    public static string Of(ReportRun run, bool several)
    {
        var (info, html) = (run.Record.Info, new HtmlText());
        if (several)
            html.Add($"<h3>{run.Label}</h3>\n");

        html.AddMarkup("<dl class=\"facts\">");
        Fact("Command", info.Command, code: true);
        Fact("Seed", info.Seed?.ToString(CultureInfo.InvariantCulture));
        Fact("Commit", info.GitCommit, code: true);
        Fact("Versions", info.Versions.Count == 0 ? null : string.Join(", ", info.Versions.Select(v => $"{v.Key} {v.Value}")));
        Fact("Host", info.Host?.InWords());
        Fact("Processes", info.Import is not null ? null : info.Processes.ToString(CultureInfo.InvariantCulture));
        Fact(
            "Resumed",
            info.Import is not null ? null
                : info.Resumed.Count == 0 ? "never"
                : string.Join(
                    ", ",
                    info.Resumed.Select(r => r.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC")
                )
        );
        Fact("Folder", run.Record.Root.Length > 0 ? run.Record.Root : null, code: true);
        html.AddMarkup("</dl>\n");
        if (info.Import is { } import)
            return html.Add($"<p>Imported from {import.Writer}: its record does not tell how the training itself is run again. ")
                .AddMarkup("The same import again gives the same run.</p>\n")
                .ToString();

        if (run.Record.Config is not { } config)
            return html.AddMarkup("<p class=\"absent\">The configuration cannot be read; see the problems above.</p>\n").ToString();

        var processes = info.Processes > 1 ? $"   # in {info.Processes} processes: speechgan launch" : "";
        html.AddMarkup("<p>The same run again, with the configuration below saved as <code>config.json</code>:</p>\n")
            .Add($"<pre class=\"command\">speechgan train --data DIR --config config.json --out NEW{processes}</pre>\n")
            .AddMarkup("<p>On the same machine, with the same versions and commit, every number comes out the same, times apart.</p>\n")
            .Add($"<details><summary>config.json (preset {config.Preset})</summary><pre>{config.ToJson()}</pre></details>\n");
        return html.ToString();

        void Fact(string name, string? value, bool code = false)
        {
            html.Add($"<dt>{name}</dt>");
            html.AddMarkup(
                value is null ? "<dd class=\"absent\">not recorded</dd>"
                : code ? new HtmlText().Add($"<dd><code>{value}</code></dd>").ToString()
                : new HtmlText().Add($"<dd>{value}</dd>").ToString()
            );
        }
    }
}
