using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechGan.Import;

/// <summary>
/// The text log of the public CMGAN trainer: a line every so many steps (<c>Epoch 0, Step 2000, loss: 0.0698, disc_loss: 0.0039</c>), a
/// line after each epoch's validation (<c>Generator loss: 0.1086, Discriminator loss: 0.0042</c>), and what its evaluation prints
/// (<c>pesq: 2.94 csig: ...</c>); with or without the logging prefix and the GPU, the processes' lines interleaved, several matches in one
/// line. Its descendants print an epoch's means without a step (<c>Epoch 1, loss: ..., disc_loss: ...</c>), and the PESQ of the training
/// batches on the lines of steps.
/// </summary>
internal static partial class CmganLog
{
    private const string NoStep = "where its PESQ failed the trainer does not update the discriminator and logs 0";

    /// <summary>Whether a text holds a line of such a log.</summary>
    public static bool Knows(SourceText text) =>
        Event().Matches(text.Text).Any(m => !m.Groups["start"].Success)
        // Two scores and more in one line: a single word with a colon behind it is in many texts.
        || text.Lines.Any(l =>
            Scores().Matches(l) is { Count: > 1 } scores
            && scores.All(s => NumberText.TryRead(s.Groups["value"].ValueSpan.TrimEnd(",;"), out _, out _))
        )
        || (CheckpointName().IsMatch(text.Text) && Scores().IsMatch(text.Text));

    /// <summary>Reads it.</summary>
    /// <exception cref="ImportException">No line of it is one of this trainer's.</exception>
    public static ForeignRecord Read(SourceText text)
    {
        var reader = new Reader(text);
        for (var i = 0; i < text.Lines.Length; i++)
            reader.Line(text.Lines[i], i + 1);

        return reader.Result();
    }

    [GeneratedRegex(
        @"(?:GPU: *(?<gpu>\d{1,4}), *)?"
            + @"(?:Epoch *(?<epoch>\d{1,7}), *(?:Step *(?<step>\d{1,12}), *)?loss: *(?<loss>[^\s]+?),? +disc_loss: *(?<disc>[^\s]+?),?"
            + @"(?: +(?<batch>[Pp][Ee][Ss][Qq]: *[^\s]+))?(?=\s|$)"
            + @"|Generator loss: *(?<gen>[^\s]+?),? +Discriminator loss: *(?<vdisc>[^\s]+?),?(?=\s|$))|(?<start>Namespace\()",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Event();

    [GeneratedRegex(
        @"\b(?<name>pesq|csig|cbak|covl|ssnr|stoi) *: *(?<value>[-+0-9a-zA-Z.,]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Scores();

    [GeneratedRegex(@"CMGAN_epoch_(?<epoch>\d{1,7})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CheckpointName();

    private sealed class Reader(SourceText text)
    {
        private readonly List<Group> groups = [];
        private readonly List<string> unread = [];
        private int? epoch,
            named;
        private bool starts,
            stepsSince;
        private int zeros,
            unplaced,
            ofBatches,
            processes = 1;

        public void Line(string line, int number)
        {
            if (CheckpointName().Match(line) is { Success: true } checkpoint)
                named = Whole(checkpoint.Groups["epoch"]);

            var events = Event().Matches(line);
            foreach (Match match in events)
            {
                ofBatches += match.Groups["batch"].Success ? 1 : 0;
                if (match.Groups["start"].Success)
                    starts = true;
                else if (match.Groups["epoch"].Success)
                    Step(match, number);
                else
                    Validation(match, number);
            }

            Score(line, number, events);
        }

        public ForeignRecord Result()
        {
            if (groups.Count == 0)
                throw new ImportException(
                    $"'{text.Name}' holds no line of the CMGAN trainer's log that can be placed (expected 'Epoch 0, Step 500, loss: "
                        + $"..., disc_loss: ...' or 'Generator loss: ..., Discriminator loss: ...')"
                        + $"{(unplaced > 0 ? $"; its scores name no epoch" : "")}. Give its log, or a table with --from csv.",
                    text.Path
                );

            List<string> notes = [];
            if (zeros > 0)
                notes.Add(
                    $"Logged steps with a disc_loss of exactly 0: {zeros}. {char.ToUpperInvariant(NoStep[0])}{NoStep[1..]}: they "
                        + $"are recorded as steps on which it was not updated."
                );

            if (ofBatches > 0)
                notes.Add(
                    $"A PESQ on the line of a step belongs to training batches and not to validation: {ofBatches} were " + $"left out."
                );

            if (unread.Count > 0)
                notes.Add($"Numbers that could not be read and were left out: {unread.Count} (first: {unread[0]}).");

            if (unplaced > 0)
                notes.Add(
                    $"Scores of an evaluation that name no epoch and follow none, and were left out: {unplaced}. Put a line with "
                        + $"the checkpoint's name (CMGAN_epoch_14) in front of them."
                );

            if (groups.Any(g => g.Lines.Count > 1 && g.Step is not null))
                notes.Add($"Up to {groups.Max(g => g.Lines.Count)} processes logged the same step: their mean was taken.");

            return new ForeignRecord
            {
                Writer = $"the CMGAN trainer's log '{text.Name}'",
                Rows = [.. groups.Select(g => g.Row(text))],
                Notes = notes,
            };
        }

        private void Step(Match match, int number)
        {
            long? step = null;
            if (match.Groups["step"].Success)
            {
                // At most twelve digits.
                step = long.Parse(match.Groups["step"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            }

            if (Whole(match.Groups["epoch"]) is not { } epoch)
                return;

            var line = new LogLine(Gpu(match), number);
            if (Number(match.Groups["loss"], number) is { } loss)
                line.Values.Add((ForeignField.Loss, loss));

            if (Number(match.Groups["disc"], number) is { } disc)
            {
                // A mean of squares that is exactly 0 is no loss.
                line.Values.Add((ForeignField.DiscriminatorStepped, disc == 0 ? 0 : 1));
                if (disc == 0)
                    zeros++;
                else
                    line.Values.Add((ForeignField.DiscriminatorLoss, disc));
            }

            (this.epoch, stepsSince) = (epoch, true);
            Add(epoch, step, line);
        }

        private void Validation(Match match, int number)
        {
            var line = new LogLine(Gpu(match), number);
            if (Number(match.Groups["gen"], number) is { } loss)
                line.Values.Add((ForeignField.ValidationLoss, loss));

            // Pasted without its steps, each round of these lines is an epoch.
            var last = groups.LastOrDefault(g => g.Step is null);
            var adjacent =
                !stepsSince
                && last is not null
                && groups[^1] == last
                && last.Lines.All(l => l.Values.All(v => v.Field == ForeignField.ValidationLoss));
            var sameRound =
                adjacent
                && (line.Gpu is null ? last!.Lines.Count < processes : last!.Lines.All(l => l.Gpu is not null && l.Gpu != line.Gpu));
            var epoch =
                stepsSince ? this.epoch!.Value
                : sameRound ? last!.Epoch
                : last is null ? 0
                : last.Epoch + 1;
            (this.epoch, stepsSince) = (epoch, false);
            Add(epoch, null, line);
        }

        private void Score(string line, int number, MatchCollection events)
        {
            Match[] matches =
            [
                .. Scores().Matches(line).Where(s => !events.Any(e => e.Groups["batch"] is { Success: true } b && b.Index == s.Index)),
            ];
            if (matches.Length == 0)
                return;

            var own = new LogLine(null, number);
            foreach (Match match in matches)
            {
                var field = ForeignField.Metrics.Keys.First(f =>
                    f.Name.Equals(match.Groups["name"].Value, StringComparison.OrdinalIgnoreCase)
                );
                if (own.Values.All(v => v.Field != field) && Number(match.Groups["value"], number) is { } value)
                    own.Values.Add((field, value));
            }

            if ((named ?? this.epoch) is not { } epoch)
            {
                unplaced += matches.Length;
                return;
            }

            named = null;
            Add(epoch, null, own, join: false);
        }

        // The processes' lines of one step come together, at most one logged step apart.
        private void Add(int epoch, long? step, LogLine line, bool join = true)
        {
            for (var i = groups.Count - 1; join && !starts && i >= Math.Max(0, groups.Count - 2); i--)
            {
                if (groups[i].Epoch == epoch && groups[i].Step == step && (line.Gpu is null || groups[i].Lines.All(l => l.Gpu != line.Gpu)))
                {
                    groups[i].Lines.Add(line);
                    processes = Math.Max(processes, groups[i].Lines.Count);
                    return;
                }
            }

            groups.Add(new Group(epoch, step, starts, [line]));
            starts = false;
        }

        private double? Number(System.Text.RegularExpressions.Group group, int line)
        {
            if (NumberText.TryRead(group.ValueSpan.TrimEnd(",;"), out var value, out var why))
                return value;

            unread.Add($"{text.At(line)}, {why}");
            return null;
        }

        private static int? Whole(System.Text.RegularExpressions.Group group) =>
            int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        private static int? Gpu(Match match) => match.Groups["gpu"].Success ? Whole(match.Groups["gpu"]) : null;
    }

    private sealed record LogLine(int? Gpu, int Number)
    {
        public List<(ForeignField Field, double Value)> Values { get; } = [];
    }

    private sealed record Group(int Epoch, long? Step, bool Starts, List<LogLine> Lines)
    {
        public ForeignRow Row(SourceText text)
        {
            var place = Lines.Count == 1 ? text.At(Lines[0].Number) : $"{text.At(Lines[0].Number)} and {Lines.Count - 1} more";
            return new ForeignRow(
                Epoch,
                Step,
                text.At(Lines[0].Number),
                [
                    .. Lines
                        .SelectMany(l => l.Values)
                        .GroupBy(v => v.Field)
                        .Select(g => new ForeignNumber(
                            g.Key,
                            Together(g.Key, [.. g.Select(v => v.Value)]),
                            g.Count() == 1 ? text.At(Lines.First(l => l.Values.Any(v => v.Field == g.Key)).Number) : $"{place} (mean)"
                        )),
                ]
            )
            {
                Starts = Starts,
            };
        }

        // The discriminator's gradient is the processes' mean: one that scored its batch moves all.
        private static double Together(ForeignField field, double[] values) =>
            field == ForeignField.DiscriminatorStepped ? values.Max() : values.Average();
    }
}
