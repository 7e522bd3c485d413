using System.Globalization;
using System.Text;

namespace SpeechGan.Goldens;

/// <summary>
/// The tolerances of all scenarios in one readable text, <c>golden/trajectories/tolerances.txt</c>: what was measured, times
/// <see cref="Factor"/>, with
/// the cause beside each. A scenario that stands here has goldens; one that does not is not pinned yet.
/// </summary>
public sealed record ToleranceTable
{
    /// <summary>
    /// Allowed over measured distance: twice, because the golden's machine and another one may lie on opposite sides of the one that
    /// measured;
    /// the rest for kernels that were not measured.
    /// </summary>
    public const double Factor = 3;

    /// <summary>Name of the file beside the goldens.</summary>
    public const string FileName = "tolerances.txt";

    private const string Title = "SpeechGan golden tolerances, format 1";

    /// <summary>How the spreads were measured, a sentence.</summary>
    public required string Measured { get; init; }

    /// <summary>Tolerances by scenario.</summary>
    public required IReadOnlyDictionary<string, Tolerances> Scenarios
    {
        get;
        init => field = Runs.Absence.Ordered(value);
    }

    /// <summary>
    /// Tolerances of a scenario: of every value the largest that any scenario has, with its cause; none where the scenario is not in the
    /// table. The scenarios train one network on one corpus, and a wide distance is a rare meeting of rounding with a gradient near zero:
    /// six scenarios have met it more often than one.
    /// </summary>
    public Tolerances For(string scenario) =>
        !Scenarios.ContainsKey(scenario)
            ? Tolerances.None
            : new Tolerances
            {
                All =
                [
                    .. Scenarios
                        .SelectMany(s => s.Value.All.Select(t => (Scenario: s.Key, Tolerance: t)))
                        .GroupBy(t => t.Tolerance.Name)
                        .Select(g => g.MaxBy(t => t.Tolerance.Allowed))
                        .Select(t => t.Tolerance with { Cause = $"{t.Scenario}: {t.Tolerance.Cause}" }),
                ],
            };

    /// <summary>This table with a scenario's newly measured tolerances in place of its old ones.</summary>
    public ToleranceTable With(string scenario, Tolerances tolerances) =>
        this with
        {
            Scenarios = new Dictionary<string, Tolerances>(Scenarios) { [scenario] = tolerances },
        };

    /// <summary>The text: LF, fixed order, a value a line.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        text.Append(Title).Append('\n');
        text.Append("measured: ").Append(OneLine(Measured)).Append('\n');
        foreach (var (scenario, tolerances) in Scenarios)
        {
            text.Append("\nscenario ").Append(scenario).Append('\n');
            foreach (var tolerance in tolerances.All)
                text.Append(CultureInfo.InvariantCulture, $"  {tolerance.Name} {tolerance.Allowed:R}: {OneLine(tolerance.Cause)}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">File, for the sentences.</param>
    /// <exception cref="GoldenException">It is no sound table; the message names the line.</exception>
    public static ToleranceTable Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        var at = 0;
        if (lines[^1].Length > 0)
            throw Problem("the file does not end with a line feed; it was cut off");

        if (Next() != Title)
            throw Problem($"expected '{Title}'");

        var measured = Next();
        if (!measured.StartsWith("measured: ", StringComparison.Ordinal))
            throw Problem("expected 'measured: HOW'");

        var scenarios = new Dictionary<string, Tolerances>();
        while (at < lines.Length - 1)
        {
            if (Next().Length > 0 || Next().Split(' ') is not ["scenario", { Length: > 0 } scenario] || scenarios.ContainsKey(scenario))
                throw Problem("expected an empty line and 'scenario NAME', each name once");

            var tolerances = new List<Tolerance>();
            while (at < lines.Length - 1 && lines[at].StartsWith("  ", StringComparison.Ordinal))
                tolerances.Add(
                    Next().Trim().Split(": ", 2) is [var head, { Length: > 0 } cause]
                    && head.Split(' ') is [{ Length: > 0 } name, var word]
                    && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var allowed)
                        ? new Tolerance(name, allowed, cause)
                        : throw Problem("expected 'NAME NUMBER: CAUSE'")
                );

            try
            {
                scenarios.Add(scenario, new Tolerances { All = tolerances });
            }
            catch (ArgumentException e)
            {
                throw new GoldenException($"{source}, scenario '{scenario}': {e.Message}", e);
            }
        }

        return new ToleranceTable { Measured = measured["measured: ".Length..], Scenarios = scenarios };

        string Next() => at < lines.Length - 1 ? lines[at++] : throw Problem("the file ends too early");

        GoldenException Problem(string what) => new($"{source}, line {Math.Max(1, at)}: {what}.");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
