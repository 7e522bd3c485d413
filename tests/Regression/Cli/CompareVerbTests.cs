using System.Text.Json;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>`compare` itself, on a corpus of four pairs and the smallest network: equal, different, refused, and the page.</summary>
[Platform("Linux")]
internal sealed partial class CompareVerbTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void SetUp() => place = new Workplace();

    [OneTimeTearDown]
    public void TearDown() => place.Dispose();

    [Test]
    public void Two_trainings_of_one_configuration_are_equal_to_the_bit_and_their_folders_too()
    {
        var kept = Path.Combine(place.Root, "kept");
        var (code, output) = Compare("as-is", "set:train.epochs=2", "--seeds", "1", "--keep", kept, "--assert", "equal", "--json");
        code.Should().Be(0, output);
        Json(output).GetProperty("outcome").GetString().Should().Be("equal");
        var (again, text) = Run(Path.Combine(kept, "run-1"), Path.Combine(kept, "run-2"));
        again.Should().Be(0, text);
        text.Should().Contain("Equal to the bit over 4 steps.");
    }

    [Test]
    public void A_changed_option_is_found_at_its_first_step_and_field_and_written_to_a_page()
    {
        var page = Path.Combine(place.Root, "page.html");
        var (code, output) = Compare("as-is", "set:optimizer.generatorLearningRate=0.01", "--seeds", "1", "--out", page, "--json");
        code.Should().Be(1, output);
        var first = Json(output).GetProperty("pairs")[0].GetProperty("first");
        // Losses and gradients of the first step are those of the same weights: the update is the first to differ.
        (first.GetProperty("step").GetInt64(), first.GetProperty("field").GetString()).Should().Be((1L, "generatorUpdate.rate"));
        File.ReadAllText(page)
            .Should()
            .Contain("<section id=\"comparison\">")
            .And.Contain("generatorUpdate.rate")
            .And.Contain("How the difference grows")
            .And.Contain("Of 1 utterance that both sides scored, the 1 whose PESQ differs most are here")
            .And.Contain("are left out: keep the runs (--keep DIR)")
            .And.Contain("<h5>clean</h5>")
            .And.Contain("<h5>noisy</h5>")
            .And.Contain("<h5>A</h5>")
            .And.Contain("<h5>B</h5>");
        Sounds().Matches(File.ReadAllText(page)).Should().HaveCount(4, "clean and noisy are there once for both sides");
    }

    [Test]
    public void A_configuration_file_is_a_side()
    {
        var file = Path.Combine(place.Root, "more.json");
        File.WriteAllText(file, """{"loss": {"weights": {"gan": 0.2}}}""");
        var (code, output) = Compare("as-is", "config:" + file, "--seeds", "1", "--json");
        code.Should().Be(1, output);
        Json(output).GetProperty("pairs")[0].GetProperty("first").GetProperty("field").GetString().Should().Be("loss.total");
    }

    [TestCase("as-is", "nothing", "'nothing' is not an existing folder.")]
    [TestCase(
        "as-is",
        "as-is --assert better",
        "--assert is 'better'; allowed are equal (to the bit), within (the spread of one seed) and pesq (no difference beyond seeds)."
    )]
    [TestCase("as-is", "as-is --data nowhere", "--data 'nowhere' is not an existing folder.")]
    [TestCase("as-is", "as-is --scenario x --data .", "Say what is trained: --scenario NAME or --data DIR, not both.")]
    [TestCase("as-is", "as-is --epochs 2", "--preset, --epochs and --steps are the size of trainings on --data DIR")]
    [TestCase("as-is", "as-is --seeds 1 1", "--seeds names a seed twice")]
    [TestCase("commit:none", "as-is", "commit: 'none' is not a commit of")]
    public void What_cannot_be_compared_is_told_in_a_sentence(string a, string b, string sentence)
    {
        var (code, output) = Run([a, .. b.Split(' ')]);
        code.Should().Be(2, output);
        output.Should().Contain(sentence);
    }

    private (int Code, string Output) Compare(string a, string b, params string[] further) =>
        Run([
            a,
            b,
            "--data",
            place.Corpus,
            "--epochs",
            "2",
            "--steps",
            "2",
            .. SmallRun.Overrides.SelectMany(o => new[] { "--set", o }),
            .. further,
        ]);

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var end = Command.Buffered(
            Repository.Root,
            "dotnet",
            [Path.Combine(TestContext.CurrentContext.TestDirectory, "SpeechGan.dll"), "compare", .. arguments]
        );
        return (
            end.ExitCode,
            end.StandardOutput.Length > 0 && end.ExitCode is 0 or 1 ? end.StandardOutput : end.StandardOutput + end.StandardError
        );
    }

    [System.Text.RegularExpressions.GeneratedRegex("src=\"data:audio/wav;base64,")]
    private static partial System.Text.RegularExpressions.Regex Sounds();

    private static JsonElement Json(string output) => JsonDocument.Parse(output).RootElement;
}
