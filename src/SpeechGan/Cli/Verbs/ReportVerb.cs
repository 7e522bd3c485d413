using System.CommandLine;
using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`report`: one HTML file about one or several runs, whatever state they are in.</summary>
internal static class ReportVerb
{
    /// <summary>Utterances to listen to where nothing else is asked.</summary>
    internal const int UsualUtterances = 6;

    private const int MostUtterances = 100;

    public static Command Make()
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Run folders: finished, running or crashed",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out")
        {
            Description = "The HTML file (default: RUN/report.html of the first run)",
            HelpName = "FILE",
        };
        var utterances = new Option<int>("--utterances")
        {
            Description = "Utterances to listen to, those with the largest changes",
            DefaultValueFactory = _ => UsualUtterances,
            HelpName = "N",
        };
        var data = new Option<string?>("--data") { Description = "Corpus to listen to (default: the run's own)", HelpName = "DIR" };
        var pictures = new Option<string?>("--png")
        {
            Description = "Also write each chart as PNG and SVG into this folder",
            HelpName = "DIR",
        };
        var verb = new Command("report", "Write one self-contained HTML file: verdict, charts, utterances to listen to, how to reproduce.")
        {
            runs,
            output,
            utterances,
            data,
            pictures,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        if (parsed.GetValue(data) is { } corpus && !Directory.Exists(corpus))
                            throw new UsageException(
                                $"--data '{corpus}' is not an existing folder. Name the corpus to listen to, or leave --data out: the "
                                    + $"run's own is taken."
                            );
                        var (path, absent) = Write(
                            parsed.GetValue(runs)!,
                            parsed.GetValue(output),
                            parsed.GetValue(utterances),
                            parsed.GetValue(data),
                            parsed.GetValue(pictures),
                            stop
                        );
                        Terminal.Out.Line($"Report: {path}");
                        if (parsed.GetValue(pictures) is { } folder)
                            Terminal.Out.Line($"Charts: {Path.GetFullPath(folder)}");
                        foreach (var chart in absent)
                            Terminal.Out.Line($"  no picture of {chart.Id}: {chart.Absent}");
                        return ExitCode.Good;
                    })
                )
        );
        return verb;
    }

    /// <summary>Makes a report and writes it.</summary>
    /// <param name="runs">Run folders.</param>
    /// <param name="output">The file; null: report.html in the first run's folder.</param>
    /// <param name="utterances">Utterances to listen to in each run.</param>
    /// <param name="data">Corpus of all of them; null: each run's own.</param>
    /// <param name="pictures">Folder of the charts as PNG and SVG; null: none are written.</param>
    /// <param name="stop">Ends it; nothing is written then.</param>
    /// <returns>Path of the file, and the charts that have no picture since there is nothing to draw.</returns>
    public static (string Path, IReadOnlyList<Chart> Absent) Write(
        IReadOnlyList<string> runs,
        string? output,
        int utterances,
        string? data,
        string? pictures,
        CancellationToken stop
    )
    {
        if (utterances is < 0 or > MostUtterances)
            throw new UsageException($"--utterances is {utterances}; allowed is 0 to {MostUtterances}.");
        return WorkProgress.Watch(at => Write(runs, output, utterances, data, pictures, at, stop));
    }

    private static (string Path, IReadOnlyList<Chart> Absent) Write(
        IReadOnlyList<string> runs,
        string? output,
        int utterances,
        string? data,
        string? pictures,
        Progressed at,
        CancellationToken stop
    )
    {
        var records = runs.Select(
                (r, i) => RunRecord.Load(r, new WatchedStorage(at, runs.Count == 1 ? "" : $"run {i + 1} of {runs.Count}, "))
            )
            .ToList();
        if (records.GroupBy(r => r.Root).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"The run '{twice.Key}' is given twice. Give each run once.");
        var path = Path.GetFullPath(output ?? Path.Combine(records[0].Root, ReportPage.FileName));
        OutputFile.RequirePlace(path);
        if (File.Exists(pictures))
            throw new UsageException(
                $"--png '{pictures}' is a file; each chart becomes a file of its own. Name a folder; it is made if it does not exist."
            );
        var labels = Labels(records);
        ReportRun[] shown =
        [
            .. records.Select(
                (r, i) =>
                    new ReportRun(
                        labels[i],
                        r,
                        Verdict
                            .Of(r, done: (done, of) => at("judging theories", (i * of) + done, runs.Count * of))
                            .With(Verdict.SavedProbe(r.Root))
                    )
            ),
        ];
        var page = ReportPage.Of(
            new ReportInput
            {
                Runs = shown,
                Listening =
                [
                    .. records.Select(
                        (r, i) =>
                        {
                            at("signals to listen to, runs", i, records.Count);
                            return ReportAudio.Of(r, data ?? CorpusOfRun.Find(r), utterances, stop);
                        }
                    ),
                ],
                MadeAt = DateTimeOffset.UtcNow,
                MadeBy = Versions.Program,
            }
        );
        ReportPage.Save(path, page);
        return (path, pictures is null ? [] : ReportPictures.Save(Path.GetFullPath(pictures), ReportPage.Charts(shown)));
    }

    /// <summary>Folder names, with as much of the path as tells them apart.</summary>
    internal static IReadOnlyList<string> Labels(IReadOnlyList<RunRecord> records)
    {
        var parts = records.Select(r => r.Root.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)).ToList();
        for (var taken = 1; taken <= parts.Max(p => p.Length); taken++)
        {
            var labels = parts.Select(p => string.Join('/', p.TakeLast(taken))).ToList();
            if (labels.Distinct().Count() == labels.Count)
                return labels;
        }
        return [.. records.Select((r, i) => string.Create(CultureInfo.InvariantCulture, $"{r.Info.Id} ({i + 1})"))];
    }
}
