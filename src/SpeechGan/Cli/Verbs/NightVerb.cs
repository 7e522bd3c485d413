using System.CommandLine;
using SpeechGan.Goldens;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`night`: the page and the JUnit record of a night that tools/nightly left.</summary>
internal static class NightVerb
{
    private const string JUnitName = "junit.xml",
        SummaryName = "summary.txt";

    public static Command Make()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a night, as tools/nightly leaves it" };
        var trend = new Option<string?>("--trend") { Description = "Trend of the goldens (golden check --trend)", HelpName = "F" };
        var ledger = new Option<string?>("--ledger") { Description = "Ledger of regressions", HelpName = "F" };
        var power = new Option<string?>("--power") { Description = "What tools/golden-power printed", HelpName = "F" };
        var verb = new Command(
            "night",
            $"Write DIR/{NightPage.FileName} and DIR/{JUnitName}: suites, goldens over the nights, open regressions."
        )
        {
            folder,
            trend,
            ledger,
            power,
        };
        verb.SetAction(parsed =>
            Guard.Run(() => Run(parsed.GetValue(folder)!, parsed.GetValue(trend), parsed.GetValue(ledger), parsed.GetValue(power)))
        );
        return verb;
    }

    private static int Run(string folder, string? trend, string? ledger, string? power)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"'{folder}' is not an existing folder. Give the folder of a night (tools/nightly [OUT]).");
        if (power is not null && !File.Exists(power))
            throw new UsageException($"--power '{power}' is not an existing file. Give what tools/golden-power printed, or leave it out.");
        var problems = new List<string>();
        var summary = Path.Combine(folder, SummaryName);
        NightSuite[] suites =
        [
            .. Directory.GetDirectories(folder).Where(IsSuite).Order(StringComparer.Ordinal).Select(d => TrxFile.Read(d, problems)),
        ];
        IReadOnlyList<GoldenTrendEntry> nights = [];
        IReadOnlyList<Regression> regressions = [];
        if (trend is not null)
            (nights, problems) = (GoldenTrend.Read(trend) is var (entries, unread) ? entries : [], [.. problems, .. unread]);
        if (ledger is not null)
        {
            var (known, unread) = new RegressionLedger(ledger).Read();
            (regressions, problems) = (known, [.. problems, .. unread]);
        }
        var page = NightPage.Of(
            new NightInput
            {
                Summary = File.Exists(summary) ? File.ReadAllLines(summary) : [],
                Suites = suites,
                Trend = nights,
                Regressions = regressions,
                Power = power is null ? null : File.ReadAllText(power),
                Problems = problems,
                MadeAt = DateTimeOffset.UtcNow,
                MadeBy = Versions.Program,
            }
        );
        ReportPage.Save(Path.Combine(folder, NightPage.FileName), page);
        DiskStorage.Instance.Publish(Path.GetFullPath(Path.Combine(folder, JUnitName)), TrxFile.JUnit(suites));
        Terminal.Out.Line(
            $"Night: {Path.GetFullPath(Path.Combine(folder, NightPage.FileName))}, {JUnitName}; {regressions.Count(r => r.IsOpen)} "
                + $"open regression{(regressions.Count(r => r.IsOpen) == 1 ? "" : "s")}."
        );
        return ExitCode.Good;
    }

    // A suite's folder has its log or its records.
    private static bool IsSuite(string folder) =>
        File.Exists(Path.Combine(folder, "log.txt")) || Directory.EnumerateFiles(folder, "*.trx").Any();
}
