using System.Text;
using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>Evaluations read as rows are those of the lines.</summary>
public sealed class EvaluationRowsTests
{
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("speechgan-rows-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void An_evaluation_has_every_value_of_its_line()
    {
        const int seed = 20261130;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] metrics = ["pesq_wb", "si_sdr", "stoi", "CSIG", "ärger"];
        UtteranceEvaluation[] lines =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(i => new UtteranceEvaluation
                {
                    Epoch = i / 100,
                    Split = random.Next(2) == 0 ? "valid" : "test",
                    Name = random.Next(9) == 0 ? "Łódź " + i : $"p{i}",
                    CutStart = random.Next(3) == 0 ? null : random.Next(),
                    CutLength = random.Next(3) == 0 ? null : random.Next(),
                    Metrics = metrics.Where(_ => random.Next(4) > 0).ToDictionary(m => m, _ => random.NextDouble()),
                    Unavailable = metrics.Where(_ => random.Next(4) == 0).ToDictionary(m => m, _ => "silent, " + random.Next(3)),
                    Sources = random.Next(9) == 0 ? Absence.Of("pesq_wb", "table.csv:" + i) : null,
                }),
        ];
        List<string> problems = [];
        var rows = RowReader.Evaluations(DiskStorage.Instance, Written(JsonLines.Encode(lines)), problems);
        problems.Should().BeEmpty();
        rows.Select(Text).Should().Equal(lines.Select(Text));
        rows.Of(7).Select(Text).Should().Equal(lines.Where(l => l.Epoch == 7).Select(Text));
        Text(rows[1234]).Should().Be(Text(lines[1234]));
        rows[3].Metrics.TryGetValue("nothing", out _).Should().BeFalse();
    }

    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"metrics\":{\"b\":1,\"a\":2}}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"metrics\":{\"b\":1,\"b\":2}}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"metrics\":{\"b\":null}}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":null,\"metrics\":{}}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\"}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"metrics\":{},\"later\":{\"x\":[1]}}")]
    [TestCase("{\"epoch\":1,\"split\":\"valid\",\"name\":\"a\",\"metrics\":{},\"cutStart\":null}")]
    [TestCase("{\"epoch\":\"1\",\"split\":\"valid\",\"name\":\"a\",\"metrics\":{}}")]
    [TestCase("nothing")]
    public void An_odd_line_is_read_or_refused_as_the_deserialiser_does(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        List<string> problems = [],
            expected = [];
        var path = Written(bytes);
        var whole = JsonLines.Read<UtteranceEvaluation>(bytes, path, expected);
        RowReader.Evaluations(DiskStorage.Instance, path, problems).Select(Text).Should().Equal(whole.Select(Text));
        problems.Should().Equal(expected);
    }

    private static string Text(UtteranceEvaluation evaluation) => JsonSerializer.Serialize(evaluation, RunJson.Line);

    private string Written(byte[] bytes)
    {
        var path = Path.Combine(folder, "evaluations.jsonl");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
