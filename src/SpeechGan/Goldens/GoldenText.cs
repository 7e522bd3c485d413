using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>
/// The text of a golden, made to be read in a diff: LF, fixed order, one value a line, numbers with the digits that read back to the
/// same bits. Equal goldens have equal texts; a text of the current format that is read and written again is unchanged. Format 1 is read,
/// too:
/// it knew neither epoch 0 nor outcomes nor gradient shares (<see cref="GoldenFormat"/>); format 2, too, which carried a copy of its
/// tolerances. Format 4 is written for goldens with figures of performance, format 3 for those without.
/// </summary>
public static class GoldenText
{
    private const string Title = "SpeechGan golden trajectory, format ";
    private const string NoSeed = "not recorded";

    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the text.</summary>
    public static string Write(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var text = new StringBuilder();
        Line(Title + golden.Format.ToString(CultureInfo.InvariantCulture));
        Line("name: " + OneLine(golden.Name));
        Line("command: " + OneLine(golden.Provenance.Command));
        Line("version: " + OneLine(golden.Provenance.Version));
        Line("date: " + OneLine(golden.Provenance.Date));
        Line("seed: " + (golden.Provenance.Seed?.ToString(CultureInfo.InvariantCulture) ?? NoSeed));
        Line("corpus: " + OneLine(golden.Provenance.Corpus));
        Line("host: " + OneLine(golden.Provenance.Host));
        if (golden is { Format: >= GoldenFormat.SharedTolerances, Tolerances.All.Count: > 0 })
            Line("tolerances " + ToleranceSet.DigestOf(golden.Tolerances));

        foreach (var tolerance in golden.Format >= GoldenFormat.SharedTolerances ? [] : golden.Tolerances.All)
            Line($"tolerance {tolerance.Name} {Number(tolerance.Allowed)}: {OneLine(tolerance.Cause)}");

        foreach (var line in golden.Format >= GoldenFormat.WithPerformance ? GoldenPerformanceText.Lines(golden.Performance) : [])
            Line(line);

        foreach (var epoch in golden.Trajectory.Epochs)
        {
            Line("");
            Line("epoch " + epoch.Epoch.ToString(CultureInfo.InvariantCulture));
            if (epoch.ParameterDigest is { } digest)
                Line("  digest " + digest);

            foreach (var (name, outcome) in epoch.Outcomes.OrderBy(o => o.Key, StringComparer.Ordinal))
            {
                Line($"  outcome {name} {OneLine(outcome)}");
            }

            foreach (var (name, value) in epoch.Values.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                Line($"  {name} {Number(value)}");
            }

            foreach (var (name, reason) in epoch.Unavailable.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                Line($"  absent {name}: {OneLine(reason)}");
            }

            foreach (var (utterance, metrics) in epoch.Utterances.OrderBy(u => u.Key, StringComparer.Ordinal))
            {
                Line(
                    "  utterance "
                        + JsonSerializer.Serialize(utterance, Quoted)
                        + string.Concat(metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $" {m.Key} {Number(m.Value)}"))
                );
            }
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>Reads the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">File, for the sentences.</param>
    /// <param name="tolerances">The set of a digest, for goldens since format 3; null: such a golden is read without its
    /// tolerances.</param>
    /// <exception cref="GoldenException">It is no sound golden; the message names the line.</exception>
    public static Golden Parse(string text, string source, Func<string, Tolerances>? tolerances = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Parser(text.Split('\n'), source, tolerances ?? (_ => Tolerances.None)).Read();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private sealed class Parser(string[] lines, string source, Func<string, Tolerances> sets)
    {
        private int at;

        public Golden Read()
        {
            if (lines.Length < 2 || lines[^1].Length > 0)
                throw Problem("the file does not end with a line feed; it was cut off");

            var format = ReadFormat();
            var name = Field("name");
            var provenance = ReadProvenance();
            var tolerances = ReadTolerances(format);
            var performance = ReadPerformance(format);
            var epochs = new List<TrajectoryEpoch>();
            while (at < lines.Length - 1)
                epochs.Add(
                    ReadEpoch(
                        epochs.Count > 0 ? epochs[^1].Epoch
                        : format == 1 ? 0
                        : -1
                    )
                );

            try
            {
                return new Golden
                {
                    Format = format,
                    Name = name,
                    Provenance = provenance,
                    Tolerances = new Tolerances { All = tolerances },
                    Performance = performance,
                    Trajectory = new Trajectory { Epochs = epochs },
                };
            }
            catch (ArgumentException e)
            {
                throw new GoldenException($"{source}: {e.Message}", e);
            }
        }

        private int ReadFormat()
        {
            var title = Next();
            if (
                !title.StartsWith(Title, StringComparison.Ordinal)
                || !int.TryParse(title[Title.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var format)
                || format < 1
            )
                throw Problem($"expected '{Title}{GoldenFormat.Current}'");

            return format <= GoldenFormat.WithPerformance
                ? format
                : throw Problem(
                    $"format {format} is newer than this program, which reads up to "
                        + $"{GoldenFormat.WithPerformance}; use the version that wrote it"
                );
        }

        private Provenance ReadProvenance()
        {
            var command = Field("command");
            var version = Field("version");
            var date = Field("date");
            var said = Field("seed");
            long? seed =
                said == NoSeed ? null
                : long.TryParse(said, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                : throw Problem($"expected a whole number or '{NoSeed}' after 'seed: '");
            return new Provenance
            {
                Command = command,
                Version = version,
                Date = date,
                Seed = seed,
                Corpus = Field("corpus"),
                Host = Field("host"),
            };
        }

        private List<Tolerance> ReadTolerances(int format)
        {
            var tolerances = new List<Tolerance>();
            if (format >= GoldenFormat.SharedTolerances && Peek().StartsWith("tolerances ", StringComparison.Ordinal))
            {
                var digest = Next()["tolerances ".Length..];
                tolerances.AddRange(
                    ToleranceSet.IsDigest(digest)
                        ? sets(digest).All
                        : throw Problem("expected 'tolerances DIGEST' of 16 hexadecimal digits")
                );
            }

            while (format < GoldenFormat.SharedTolerances && Peek().StartsWith("tolerance ", StringComparison.Ordinal))
                tolerances.Add(ReadTolerance(Next()));
            return tolerances;
        }

        private GoldenPerformance ReadPerformance(int format)
        {
            var performance = GoldenPerformance.None;
            while (format >= GoldenFormat.WithPerformance && Peek().StartsWith(GoldenPerformanceText.Begin, StringComparison.Ordinal))
                performance = GoldenPerformanceText.Add(performance, Next())
                    ?? throw Problem(
                        "expected 'performance NAME NUMBER allowed SHARE: CAUSE' or 'performance NAME absent: REASON', each name once"
                    );
            return performance;
        }

        private TrajectoryEpoch ReadEpoch(int before)
        {
            if (Next().Length > 0)
                throw Problem("expected an empty line before an epoch");

            if (
                Next().Split(' ') is not ["epoch", var word]
                || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
                || epoch <= before
            )
                throw Problem($"expected 'epoch N' with N above {before}");

            string? digest = null;
            var values = new Dictionary<string, double>();
            var outcomes = new Dictionary<string, string>();
            var unavailable = new Dictionary<string, string>();
            var utterances = new Dictionary<string, IReadOnlyDictionary<string, double>>();
            while (Peek().StartsWith("  ", StringComparison.Ordinal))
            {
                var line = Next()[2..];
                var added = line.Split(' ')[0] switch
                {
                    "digest" => digest is null && (digest = line["digest".Length..].Trim()).Length > 0,
                    "outcome" => line.Split(' ') is [_, { Length: > 0 } outcome, { Length: > 0 } said]
                        && !said.Any(char.IsWhiteSpace)
                        && outcomes.TryAdd(outcome, said),
                    "absent" => line["absent".Length..].Split(": ", 2) is [var name, var reason]
                        && name.Length > 1
                        && unavailable.TryAdd(name[1..], reason),
                    "utterance" => Utterance(line["utterance".Length..], utterances),
                    _ => line.Split(' ') is [{ Length: > 0 } name, var value] && values.TryAdd(name, ReadNumber(value)),
                };
                if (!added)
                    throw Problem(
                        "expected 'NAME NUMBER', 'digest HEX', 'outcome NAME WORD', 'absent NAME: REASON' or 'utterance \"NAME\" "
                            + "METRIC NUMBER ...', each name once"
                    );
            }

            return new TrajectoryEpoch
            {
                Epoch = epoch,
                ParameterDigest = digest,
                Values = Absence.Ordered(values),
                Outcomes = Absence.Ordered(outcomes),
                Unavailable = Absence.Ordered(unavailable),
                Utterances = Absence.Ordered(utterances),
            };
        }

        private bool Utterance(string rest, Dictionary<string, IReadOnlyDictionary<string, double>> utterances)
        {
            var json = Encoding.UTF8.GetBytes(rest);
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            string name;
            try
            {
                if (!rest.StartsWith(" \"", StringComparison.Ordinal) || !reader.Read() || reader.TokenType != JsonTokenType.String)
                    return false;

                name = reader.GetString()!;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return false;
            }

            var words = Encoding.UTF8.GetString(json.AsSpan((int)reader.BytesConsumed)).Split(' ');
            var metrics = new Dictionary<string, double>();
            if (words.Length % 2 == 0 || words[0].Length > 0)
                return false;

            for (var i = 1; i < words.Length; i += 2)
            {
                if (words[i].Length == 0 || !metrics.TryAdd(words[i], ReadNumber(words[i + 1])))
                    return false;
            }

            return utterances.TryAdd(name, Absence.Ordered(metrics));
        }

        private Tolerance ReadTolerance(string line) =>
            line.Split(": ", 2) is [var head, { Length: > 0 } cause] && head.Split(' ') is [_, { Length: > 0 } name, var allowed]
                ? new Tolerance(name, ReadNumber(allowed), cause)
                : throw Problem("expected 'tolerance NAME NUMBER: CAUSE'");

        private double ReadNumber(string word) =>
            double.TryParse(
                word,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number
            ) && double.IsFinite(number)
                ? number
                : throw Problem($"'{word}' is not a number");

        private string Field(string name)
        {
            var line = Next();
            return line.StartsWith(name + ": ", StringComparison.Ordinal)
                ? line[(name.Length + 2)..]
                : throw Problem($"expected '{name}: ...'");
        }

        private string Peek() => at < lines.Length - 1 ? lines[at] : "";

        private string Next() => at < lines.Length - 1 ? lines[at++] : throw Problem("the file ends too early");

        private GoldenException Problem(string what) => new($"{source}, line {Math.Max(1, at)}: {what}.");
    }
}
