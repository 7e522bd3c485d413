using System.Globalization;
using System.Text;
using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>Rows hold what the lines hold, to the bit, whichever way they were read.</summary>
public sealed class StepRowsTests
{
    private const int Seed = 20261130;
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("speechgan-rows-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_row_has_every_value_of_its_line()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        StepTelemetry[] steps = [.. Enumerable.Range(1, 3000).Select(i => Drawn(random, i))];
        var problems = new List<string>();
        var rows = RowReader.Steps(DiskStorage.Instance, Written(JsonLines.Encode(steps)), problems);
        problems.Should().BeEmpty();
        rows.Count.Should().Be(steps.Length);
        foreach (var (row, step) in rows.Zip(steps))
            Text(row).Should().Be(Text(step));
        foreach (var (row, step) in StepRows.Of(steps).Zip(steps))
            Text(row).Should().Be(Text(step));
        new StoredSteps(DiskStorage.Instance, Path.Combine(folder, "steps.jsonl"), rows)
            .Select(s => JsonSerializer.Serialize(s, RunJson.Line))
            .Should()
            .Equal(steps.Select(s => JsonSerializer.Serialize(s, RunJson.Line)));
    }

    // The quick reader takes plain lines; whatever it does with another one, what is told and kept is the deserialiser's.
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"new\":{\"a\":1}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"new\":[null]}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"new\":5,\"other\":\"text\"}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{\"total\":null}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{\"total\":1},\"loss\":{\"total\":2}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{\"total\":1,\"total\":2}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{\"total\":1e999}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{\"total\":\"1\"}}")]
    [TestCase("{\"epoch\":1.5,\"step\":3,\"loss\":{}}")]
    [TestCase("{\"epoch\":99999999999,\"step\":3,\"loss\":{}}")]
    [TestCase("{\"step\":3,\"loss\":{}}")]
    [TestCase("{\"epoch\":1,\"step\":3}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{}} x")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":[null]}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":null}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":[{\"pesq\":2}]}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":[{\"name\":\"\\u00fc\\\"\",\"pesq\":2}]}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":[{\"name\":\"ü\",\"masked\":\"SILENT\"}]}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"masked\":{\"b\":1,\"a\":2,\"b\":3}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"unavailable\":{\"scores\":null}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"unavailable\":{\"scores\":\"ü\\n\"}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"generatorUpdate\":{\"norm\":1,\"parameters\":5}}")]
    [TestCase("{\"epoch\":1,\"step\":3,\"loss\":{},\"seconds\":{\"total\":\"1\"}}")]
    [TestCase("{\"\\u0065poch\":1,\"step\":3,\"loss\":{}}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("")]
    public void An_odd_line_is_read_or_refused_as_the_deserialiser_does(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        List<string> problems = [],
            expected = [];
        var path = Written(bytes);
        var whole = JsonLines.Read<StepTelemetry>(bytes, path, expected);
        var rows = RowReader.Steps(DiskStorage.Instance, path, problems);
        problems.Should().Equal(expected);
        rows.Select(Text).Should().Equal(whole.Select(Text));
    }

    [Test]
    public void Text_that_is_no_UTF_8_is_refused_as_the_deserialiser_does()
    {
        byte[] line = [.. "{\"epoch\":1,\"step\":3,\"loss\":{},\"samples\":[{\"name\":\""u8, 0xff, .. "\"}]}\n"u8];
        List<string> problems = [],
            expected = [];
        var path = Written(line);
        _ = JsonLines.Read<StepTelemetry>(line, path, expected);
        RowReader.Steps(DiskStorage.Instance, path, problems).Count.Should().Be(0);
        problems.Should().Equal(expected).And.ContainSingle();
    }

    [Test]
    public void Blocks_beyond_the_limit_lie_in_a_file_without_a_name_and_read_the_same()
    {
        var random = new Random(Seed);
        StepTelemetry[] steps = [.. Enumerable.Range(1, 2000).Select(i => Drawn(random, i))];
        var names = new NameTable();
        var blocks = new BlockStore<StepBlock>(200_000);
        var packer = new StepPacker(names, blocks.Add);
        foreach (var step in steps)
            packer.Add(step);
        packer.Flush();
        blocks.IsSpilt.Should().BeTrue();
        new StepRows(blocks, names).Select(Text).Should().Equal(steps.Select(Text));
        if (!OperatingSystem.IsWindows())
            Directory.EnumerateFiles(Path.GetTempPath(), "speechgan-rows-*").Where(f => !Directory.Exists(f)).Should().BeEmpty();
    }

    [Test]
    public void Epochs_places_and_what_goes_back_are_found()
    {
        StepTelemetry[] steps = [.. Enumerable.Range(1, 1000).Select(i => RunSamples.Stepped(1 + (i / 300), i))];
        var rows = StepRows.Of(steps);
        rows.Epochs.Should().Equal(new EpochSpan(1, 299), new EpochSpan(2, 300), new EpochSpan(3, 300), new EpochSpan(4, 101));
        rows.FirstBack.Should().BeNull();
        rows.Of(3).Select(r => r.Step).Should().Equal(steps.Where(s => s.Epoch == 3).Select(s => s.Step));
        rows.From(998).Select(r => r.Step).Should().Equal(999, 1000);
        rows.From(1000).Should().BeEmpty();
        rows[777].Step.Should().Be(778);
        StepRows.Of([steps[5], steps[3], steps[4]]).FirstBack.Should().Be((6L, 4L));
    }

    [Test]
    public void A_file_that_was_changed_meanwhile_is_told()
    {
        var path = Written(JsonLines.Encode(Enumerable.Range(1, 20).Select(i => RunSamples.Stepped(1, i))));
        var rows = RowReader.Steps(DiskStorage.Instance, path, []);
        using (var file = File.Open(path, FileMode.Open))
            file.SetLength(file.Length / 2);
        FluentActions
            .Invoking(() => new StoredSteps(DiskStorage.Instance, path, rows).Count(s => s.Step > 0))
            .Should()
            .Throw<RunFolderException>()
            .WithMessage("*was changed while it was read: step 11 is no longer in its place. Wait until what changes it is done*");
    }

    private string Written(byte[] bytes)
    {
        var path = Path.Combine(folder, "steps.jsonl");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Text(StepTelemetry s) =>
        Text(
            s.Epoch,
            s.Step,
            s.Batch,
            s.Loss,
            s.DiscriminatorLoss,
            s.GradientNorm,
            (s.SampleCount, s.Scored, s.DiscriminatorStepped),
            s.Masked,
            s.GeneratorUpdate is { } g ? new UpdateRow(g.Norm, g.Rate, g.Parameters, g.Still, g.ChangedBefore) : null,
            s.DiscriminatorUpdate is { } d ? new UpdateRow(d.Norm, d.Rate, d.Parameters, d.Still, d.ChangedBefore) : null,
            s.Samples,
            s.Unavailable.ContainsKey("scores")
        );

    private static string Text(StepRow s) =>
        Text(
            s.Epoch,
            s.Step,
            s.Batch,
            s.Loss,
            s.DiscriminatorLoss,
            s.GradientNorm,
            (s.SampleCount, s.Scored, s.DiscriminatorStepped),
            s.Masked,
            s.GeneratorUpdate,
            s.DiscriminatorUpdate,
            s.Samples?.Select(x => new SampleScore
            {
                Name = x.Name,
                Pesq = x.Pesq,
                Masked = x.Masked,
                Discriminator = x.Discriminator,
                DiscriminatorOfClean = x.DiscriminatorOfClean,
                Target = x.Target,
                Start = x.Start,
                Input = x.Input,
            }),
            s.ScoresUnavailable
        );

    private static string Text(
        int epoch,
        long step,
        int? batch,
        LossTerms loss,
        double? discriminatorLoss,
        GradientNorms? norms,
        (int?, int, bool?) counts,
        IEnumerable<KeyValuePair<string, int>> masked,
        UpdateRow? generator,
        UpdateRow? discriminator,
        IEnumerable<SampleScore>? samples,
        bool unavailable
    ) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{epoch} {step} {batch} {loss} {discriminatorLoss:R} {norms} {counts} {string.Join(",", masked)} {generator} {discriminator} "
                + $"{(samples is null ? "none" : string.Join(",", samples))} {unavailable}"
        );

    private static StepTelemetry Drawn(Random random, int i)
    {
        double? Maybe() => random.Next(5) == 0 ? null : random.NextDouble() * Math.Pow(10, random.Next(-300, 300));
        WeightUpdate? Update() =>
            random.Next(5) == 0
                ? null
                : new WeightUpdate
                {
                    Norm = Maybe(),
                    Rate = Maybe(),
                    Parameters = random.NextInt64(),
                    Still = random.Next(3),
                    ChangedBefore = random.Next(3) == 0 ? null : random.Next(2) == 0,
                    Digest = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture),
                };
        return new StepTelemetry
        {
            Epoch = 1 + (i / 100),
            Step = i,
            Batch = random.Next(4) == 0 ? null : i % 100,
            Loss = new LossTerms
            {
                Ri = Maybe(),
                Magnitude = Maybe(),
                Time = Maybe(),
                Gan = Maybe(),
                Total = Maybe(),
            },
            DiscriminatorLoss = Maybe(),
            GradientNorm =
                random.Next(5) == 0
                    ? null
                    : new GradientNorms
                    {
                        Ri = Maybe(),
                        Gan = Maybe(),
                        Discriminator = Maybe(),
                    },
            SampleCount = random.Next(5) == 0 ? null : 4,
            Scored = random.Next(5),
            Masked = new Dictionary<string, int>
            {
                ["Z"] = 1,
                ["a"] = 2,
                ["B"] = i,
            }
                .Take(random.Next(4))
                .ToDictionary(),
            DiscriminatorStepped = random.Next(3) == 0 ? null : random.Next(2) == 0,
            GeneratorUpdate = Update(),
            DiscriminatorUpdate = Update(),
            Samples =
                random.Next(5) == 0
                    ? null
                    :
                    [
                        .. Enumerable
                            .Range(0, random.Next(5))
                            .Select(_ => new SampleScore
                            {
                                Name = random.Next(9) == 0 ? "Łódź \"q\" \\ " + random.Next(9) : $"p{random.Next(500)}",
                                Pesq = Maybe(),
                                Masked = random.Next(4) == 0 ? "SILENT_DEGRADED" : null,
                                Discriminator = Maybe(),
                                DiscriminatorOfClean = Maybe(),
                                Target = Maybe(),
                                Start = random.Next(3) == 0 ? null : random.Next(),
                                Input = random.Next(3) == 0 ? Loaded(random, Maybe) : null,
                            }),
                    ],
            ReducedBytes = random.Next(4) == 0 ? random.NextInt64() : null,
            Unavailable =
                random.Next(4) == 0 ? Absence.Of("scores", "not asked: Ü")
                : random.Next(4) == 0 ? Absence.Of("other", "why")
                : Absence.None,
            Sources = random.Next(9) == 0 ? Absence.Of("loss", "log.txt:7") : null,
            Seconds = random.Next(4) == 0 ? null : new StepSeconds { Total = random.NextDouble(), Data = Maybe() },
        };
    }

    private static SampleInput Loaded(Random random, Func<double?> maybe) =>
        new()
        {
            CleanLevel = random.NextDouble(),
            NoisyLevel = random.NextDouble(),
            CleanMean = random.NextDouble(),
            NoisyMean = random.NextDouble(),
            CleanPeak = random.NextDouble(),
            NoisyPeak = random.NextDouble(),
            Lag = random.Next(2) == 0 ? null : random.Next(-500, 500),
            Correlation = maybe(),
            Unshifted = maybe(),
            RangeGained = maybe(),
        };
}
