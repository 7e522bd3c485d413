using System.Globalization;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SpeechGan.Cli.Verbs;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Reports;

/// <summary>
/// Reports of a finished, a running and a crashed run as a person sees them: in the machine's own Chromium, as wide as a desktop and as a
/// phone. The structure is read by AngleSharp;
/// screenshots stay in TestResults/report.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
internal sealed class ReportInBrowserTests
{
    private const int Utterances = 3,
        Everyth = 3;
    private const int Stop = 19; // SIGSTOP

    private static readonly string[] States = ["finished", "running", "crashed"];
    private static readonly (int Width, int Height)[] Sizes = [(1280, 900), (390, 844)];

    private readonly Dictionary<string, string> reports = [];
    private readonly Dictionary<string, IHtmlDocument> documents = [];
    private Workplace place = null!;
    private Chromium chromium = null!;

    private static IEnumerable<object[]> Pages() =>
        States.SelectMany(s => Sizes.Select(size => new object[] { s, size.Width, size.Height }));

    [OneTimeSetUp]
    public async Task Make_the_reports()
    {
        if (Chromium.Find() is not { } program)
        {
            Assert.Ignore("no Chromium is on this machine (on Debian: apt-get install chromium), and SPEECHGAN_CHROMIUM names none");
            return;
        }
        place = new Workplace(train: 4, valid: Utterances, test: 0);
        string[] knobs = ["train.epochs=6", $"evaluation.everyEpochs={Everyth}", "evaluation.cutSeconds=2", "checkpoint.everySteps=1"];
        var finished = place.NewRun();
        SmallRun.Whole(finished, place.Corpus, SmallRun.Config(knobs));
        Report("finished", finished);

        // Halted after its first validation, looked at, and killed.
        var run = place.NewRun();
        using (var child = Child.Start(run, 4, RunFolder.EpochsName, SmallRun.Command(place.Corpus, run, [.. knobs, "train.epochs=500"])))
        {
            if (!await child.ReachedAsync())
                Assert.Fail((await child.EndAsync()).Error);
            child.Signal(Stop);
            Report("running", run);
            child.Kill();
            (await child.EndAsync()).ExitCode.Should().Be(137);
        }
        Report("crashed", run);
        chromium = await Chromium.StartAsync(program);

        void Report(string state, string folder)
        {
            reports[state] = ReportVerb
                .Write([folder], Path.Combine(place.Root, state + ".html"), Utterances, place.Corpus, null, default)
                .Path;
            documents[state] = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(
                File.ReadAllText(reports[state])
            );
        }
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        place?.Dispose();
    }

    [TestCase("finished", "Completed. Run ")]
    [TestCase("running", "Running: this page shows what was recorded when it was made. Run ")]
    [TestCase("crashed", "Interrupted (its process is gone). Run ")]
    public void The_structure_is_sound_and_says_the_runs_state(string state, string words)
    {
        var document = documents[state];
        document.QuerySelector("#verdict")!.TextContent.Should().Contain(words);
        document
            .QuerySelectorAll("section")
            .Select(s => s.Id)
            .Should()
            .Equal("verdict", "course", "rate", "gradients", "utterances", "listen", "reproduce");
        document.QuerySelectorAll("[id]").Select(e => e.Id).Should().OnlyHaveUniqueItems();
        document
            .QuerySelectorAll("nav a, a.skip")
            .Select(a => a.GetAttribute("href")![1..])
            .Should()
            .OnlyContain(id => document.GetElementById(id) != null);
        document
            .QuerySelectorAll("figure")
            .Should()
            .HaveCount(8)
            .And.OnlyContain(
                f => (f.QuerySelector(".plot") == null) != (f.QuerySelector(".absent") == null),
                "a chart, or why there is none"
            );
        document
            .QuerySelectorAll("img, audio")
            .Should()
            .OnlyContain(e => !string.IsNullOrWhiteSpace(e.GetAttribute("alt") ?? e.GetAttribute("aria-label")));
        document.QuerySelectorAll("table").Should().NotBeEmpty().And.OnlyContain(t => t.QuerySelectorAll("th").Length > 0);
        document
            .QuerySelectorAll("[src], link[href]")
            .Select(e => e.GetAttribute("src") ?? e.GetAttribute("href")!)
            .Should()
            .OnlyContain(s => s.StartsWith("data:"));
    }

    [TestCaseSource(nameof(Pages))]
    public async Task It_complains_of_nothing_asks_for_nothing_and_fits(string state, int width, int height)
    {
        await using var open = await Open(state, width, height);
        var folder = Directory.CreateDirectory(Repository.PathOf("TestResults", "report")).FullName;
        var picture = Path.Combine(folder, $"{state}-{width}.png");
        await open.Page.ScreenshotAsync(new() { Path = picture, FullPage = true });
        TestContext.AddTestAttachment(picture);
        open.Messages.Should().BeEmpty();
        open.Requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)).Should().Equal(new Uri(reports[state]).AbsoluteUri);
        (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
            .Should()
            .BeLessThanOrEqualTo(width, "a page that is wider than its window is moved sideways to be read");
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Every_chart_has_drawn_something_in_colour_within_its_place(string state, int width, int height)
    {
        await using var open = await Open(state, width, height);
        // Grid, axes and words are grey: colour is what a curve, a threshold or an onset has.
        var charts = await open.Page.EvaluateAsync<JsonElement>(
            """
            [...document.querySelectorAll(".plot")].map(p => {
              const c = p.querySelector("canvas"), d = c ? c.getContext("2d").getImageData(0, 0, c.width, c.height).data : [];
              let coloured = 0;
              for (let i = 0; i < d.length; i += 4)
                if (d[i + 3] > 0 && Math.max(d[i], d[i + 1], d[i + 2]) - Math.min(d[i], d[i + 1], d[i + 2]) > 60) coloured++;
              const b = p.getBoundingClientRect(), k = c ? c.getBoundingClientRect() : { width: 0 };
              return { id: p.id, coloured, inside: k.width > 200 && k.width <= b.width + 1, keys: p.querySelectorAll(".keys li").length };
            })
            """
        );
        charts.GetArrayLength().Should().Be(documents[state].QuerySelectorAll(".plot").Length);
        foreach (var chart in charts.EnumerateArray())
        {
            var id = chart.GetProperty("id").GetString();
            chart.GetProperty("coloured").GetInt32().Should().BeGreaterThan(15, "{0} of {1}", id, state);
            chart.GetProperty("inside").GetBoolean().Should().BeTrue("{0} of {1}", id, state);
            chart.GetProperty("keys").GetInt32().Should().BePositive("{0} of {1} has a legend", id, state);
        }
    }

    [Test]
    public async Task Points_of_every_third_epoch_are_joined_by_a_line([Values(1280, 390)] int width)
    {
        using var numbers = JsonDocument.Parse(documents["finished"].GetElementById("chart-data")!.TextContent);
        var pesq = numbers.RootElement.EnumerateArray().Single(c => c.GetProperty("id").GetString() == "pesq");
        pesq.GetProperty("tables")[0].GetProperty("x").EnumerateArray().Select(x => x.GetDouble()).Should().Equal(3, 6);
        await using var open = await Open("finished", width, 900);
        // Columns that hold the curve's colour: without a line there are two groups of them, one at each point.
        var columns = await open.Page.EvaluateAsync<int[]>(
            """
            (() => {
              const c = document.querySelector("#chart-pesq canvas"), found = [];
              const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
              for (let x = 0; x < c.width; x++)
                for (let y = 0; y < c.height; y++) {
                  const i = 4 * (y * c.width + x);
                  if (d[i + 3] > 100 && d[i + 2] - d[i] > 100) { found.push(x); break; }
                }
              return found;
            })()
            """
        );
        (columns[^1] - columns[0]).Should().BeGreaterThan(80, "half of the axis lies between the points");
        columns.Should().Equal(Enumerable.Range(columns[0], columns[^1] - columns[0] + 1));
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Tables_sort_both_ways_with_absent_values_last(string state, int width, int height)
    {
        await using var open = await Open(state, width, height);
        var tables = open.Page.Locator("table.sortable");
        for (var t = 0; t < await tables.CountAsync(); t++)
        {
            var heads = tables.Nth(t).Locator("thead th button");
            (await heads.CountAsync()).Should().BeGreaterThan(2);
            for (var column = 0; column < await heads.CountAsync(); column++)
            for (var click = 0; click < 2; click++)
            {
                await heads.Nth(column).ClickAsync();
                var direction = await tables.Nth(t).Locator("thead th").Nth(column).GetAttributeAsync("aria-sort");
                var cells = await tables
                    .Nth(t)
                    .EvaluateAsync<string?[]>(
                        "(t, c) => [...t.tBodies[0].rows].map(r => c === 0 ? r.cells[0].textContent : r.cells[c].dataset.value ?? null)",
                        column
                    );
                cells.Should().HaveCount(Utterances);
                cells.SkipWhile(c => c is not null).Any(c => c is not null).Should().BeFalse("what is absent comes last");
                double?[] values =
                [
                    .. cells.OfType<string>().Select(c => column == 0 ? null : (double?)double.Parse(c, CultureInfo.InvariantCulture)),
                ];
                if (column == 0)
                    cells
                        .Should()
                        .Equal(
                            direction == "ascending" ? cells.Order(StringComparer.Ordinal) : cells.OrderDescending(StringComparer.Ordinal)
                        );
                else
                    values.Should().Equal(direction == "ascending" ? values.Order() : values.OrderDescending());
            }
        }
        documents[state].QuerySelectorAll("table.sortable").Length.Should().Be(await tables.CountAsync()).And.BePositive();
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Rejected_theories_fold(string state, int width, int height)
    {
        await using var open = await Open(state, width, height);
        var fold = open.Page.Locator("#verdict details").Filter(new() { HasText = "rejected" }).First;
        var inside = fold.Locator("article").First;
        (await inside.IsVisibleAsync()).Should().BeFalse();
        await fold.Locator("summary").First.ClickAsync();
        (await inside.IsVisibleAsync()).Should().BeTrue();
        await fold.Locator("summary").First.ClickAsync();
        (await inside.IsVisibleAsync()).Should().BeFalse();
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Sound_has_the_length_of_the_cut_and_spectrograms_their_size(string state, int width, int height)
    {
        await using var open = await Open(state, width, height);
        var sounds = await open.Page.EvaluateAsync<double[]>(
            """
            Promise.all([...document.querySelectorAll("audio")].map(a => new Promise((good, bad) => {
              a.onloadedmetadata = () => good(a.duration);
              a.onerror = () => bad(new Error(a.getAttribute("aria-label") + ": " + a.error.message));
              a.preload = "metadata";
              a.load();
            })))
            """
        );
        var pictures = await open.Page.EvaluateAsync<int[]>(
            """[...document.querySelectorAll("#listen img")].flatMap(i => [i.complete ? i.naturalWidth : -1, i.naturalHeight])"""
        );
        documents[state]
            .QuerySelectorAll("#listen .clip")
            .Should()
            .HaveCount(4 * Utterances, "clean, noisy, best and last of each")
            .And.OnlyContain(
                c => (c.QuerySelector("audio") == null) == (c.QuerySelector(".absent") != null),
                "a sound, or why there is none"
            );
        sounds
            .Should()
            .HaveCount(documents[state].QuerySelectorAll("audio").Length)
            .And.HaveCountGreaterThanOrEqualTo(3 * Utterances)
            .And.OnlyContain(d => Math.Abs(d - 2) < 1e-6, "evaluation cuts two seconds");
        const int columns = 2 * RunConfig.SampleRate / 128;
        pictures.Chunk(2).Should().HaveCount(sounds.Length).And.OnlyContain(p => p[0] == columns && p[1] == Spectrogram.Height);
    }

    private Task<OpenPage> Open(string state, int width, int height) => chromium.OpenAsync(reports[state], width, height);
}
