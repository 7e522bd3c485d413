using System.Text.RegularExpressions;
using System.Xml.Linq;
using SkiaSharp;
using SpeechGan.Reports;
using SpeechGan.Tests.Unit.Data;
using static SpeechGan.Tests.Unit.Reports.ReportSamples;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class ChartPictureTests
{
    private static readonly SKColor White = new(255, 255, 255);

    private static readonly Chart Rising = new()
    {
        Id = "rising",
        Title = "",
        XLabel = "",
        YLabel = "",
        XRange = [0, 10],
        YRange = [0, 10],
        Tables = [new ChartTable([1, 2, 3, 7, 8, 9], [new ChartSeries("", [1, 2, 3, 7, 8, 9], 0, 0, ChartStyle.Thin)])],
    };

    [Test]
    public void Every_chart_of_a_report_has_a_picture_and_the_same_bytes_twice()
    {
        using var folder = new TemporaryFolder();
        var charts = ReportPage.Charts([Judged("run", Run(2.0, 2.5, 1.75))]);
        ReportPictures.Save(folder["new/pictures"], charts).Should().BeEmpty();
        charts.Should().HaveCount(8);
        Directory
            .GetFiles(folder["new/pictures"])
            .Select(f => Path.GetFileName(f)!)
            .Should()
            .BeEquivalentTo(charts.SelectMany(c => new[] { c.Id + ".png", c.Id + ".svg" }));
        foreach (var chart in charts)
        {
            var file = File.ReadAllBytes(folder["new/pictures", chart.Id + ".png"]);
            using var picture = SKBitmap.Decode(file);
            (picture.Width, picture.Height).Should().Be((ChartPicture.Width, ChartPicture.Height));
            ChartPicture.Png(chart).Should().Equal(file, chart.Id);
            ChartPicture.Svg(chart).Should().Be(File.ReadAllText(folder["new/pictures", chart.Id + ".svg"]), chart.Id);
        }
    }

    [Test]
    public void What_has_nothing_to_draw_has_no_file_and_its_reason()
    {
        using var folder = new TemporaryFolder();
        ReportPictures
            .Save(folder["a"], [Rising, Rising with { Id = "none", Absent = "No step was taken yet." }])
            .Single()
            .Absent.Should()
            .Be("No step was taken yet.");
        Directory.GetFiles(folder["a"]).Should().HaveCount(2);
        FluentActions
            .Invoking(() => ChartPicture.Png(Rising with { Absent = "why" }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("There is no picture of 'rising': why*");
    }

    // The first rows hold the title and nothing else: without a font they would stay white.
    [Test]
    public void Text_has_pixels_and_other_text_has_others()
    {
        SKColor[] alpha = TitleRows(Rising with { Title = "Alpha" }),
            omega = TitleRows(Rising with { Title = "Omega" });
        alpha.Count(p => p != White).Should().BeGreaterThan(100);
        alpha.Should().NotEqual(omega);

        static SKColor[] TitleRows(Chart chart)
        {
            using var picture = SKBitmap.Decode(ChartPicture.Png(chart));
            return picture.Pixels[..(ChartPicture.Width * 24)];
        }
    }

    [Test]
    public void The_embedded_font_has_every_letter_of_the_charts()
    {
        using var font = SKTypeface.FromStream(Assets.Open("DejaVuSans.ttf"));
        font.FamilyName.Should().Be(PictureFont.Family);
        var texts = ReportPage
            .Charts([Judged("run", Run(2.0, 2.5)), Judged("ünï-Ω-Ж", Run(2.0))])
            .SelectMany(c =>
                new[] { c.Title, c.XLabel, c.YLabel }
                    .Concat(c.Levels.Concat(c.Marks).Select(l => l.Label))
                    .Concat(c.Tables.SelectMany(t => t.Series.Select(s => s.Label)))
            )
            .Append("0123456789 %−.-+eE");
        string.Concat(texts).Where(c => !font.ContainsGlyph(c)).Should().BeEmpty();
    }

    [Test]
    public void An_svg_names_the_font_and_has_its_words_as_text()
    {
        var chart = ReportPage.Charts([Judged("run", Run(2.0, 2.5, 1.75))]).Single(c => c.Id == "rate");
        var svg = XDocument.Parse(ChartPicture.Svg(chart));
        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").ToList();
        texts.Select(t => t.Value.Trim()).Should().Contain([chart.Title, chart.YLabel, "starved below 70 %", "training rate"]);
        texts.Select(t => (string?)t.Attribute("font-family")).Should().OnlyContain(f => f == PictureFont.Family);
    }

    [Test]
    public void An_svg_has_the_dashes_of_curves_thresholds_and_onsets()
    {
        var svg = ChartPicture.Svg(
            Rising with
            {
                Tables =
                [
                    new ChartTable(
                        [1, 2],
                        [.. Enumerable.Range(0, 4).Select(d => new ChartSeries($"dash {d}", [d, 2 * d], d, d, ChartStyle.LineAndPoints))]
                    ),
                ],
            }
        );
        // On the curve and in the legend; the first is whole.
        Regex
            .Matches(svg, "stroke-width=\"2\" stroke-dasharray=\"([^\"]*)\"")
            .Select(m => m.Groups[1].Value)
            .GroupBy(d => d)
            .ToDictionary(g => g.Key, g => g.Count())
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, int>
                {
                    ["9 5"] = 2,
                    ["2 4"] = 2,
                    ["9 4 2 4"] = 2,
                }
            );
        svg.Should().NotMatchRegex("stroke-width=\"[0-9]\\.[0-9]{3,}\"", "no width tells a dash any more");
        var levels = Rising with { Levels = [new(5, "level")], Marks = [new(4, "epoch 4")] };
        ChartPicture
            .Svg(levels)
            .Should()
            .Contain("stroke-width=\"1.5\" stroke-dasharray=\"9 5\"")
            .And.Contain("stroke-width=\"1.5\" stroke-dasharray=\"2 4\"");
    }

    [Test]
    public void A_value_that_was_not_measured_is_a_gap_and_a_place_that_is_none_is_bridged()
    {
        Middle(Rising).Any(IsBlue).Should().BeTrue("no place lies between 3 and 7: the line joins them");
        var gap = Rising with
        {
            Tables = [new ChartTable([1, 2, 3, 5, 7, 8, 9], [new ChartSeries("", [1, 2, 3, null, 7, 8, 9], 0, 0, ChartStyle.Thin)])],
        };
        Middle(gap).Any(IsBlue).Should().BeFalse();

        // The line's edges are mixed with white and with the grid.
        static bool IsBlue(SKColor c) => c.Blue > c.Red + 80;

        // The column of x = 5: the middle of the data, whose own place the frame tells.
        static SKColor[] Middle(Chart chart)
        {
            using var picture = SKBitmap.Decode(ChartPicture.Png(chart));
            int[] columns =
            [
                .. Enumerable
                    .Range(0, picture.Width)
                    .Where(x => Enumerable.Range(0, picture.Height).Any(y => IsBlue(picture.GetPixel(x, y)))),
            ];
            return [.. Enumerable.Range(0, picture.Height).Select(y => picture.GetPixel((columns[0] + columns[^1]) / 2, y))];
        }
    }

    [Test]
    public void Colours_are_those_of_the_printed_page()
    {
        var print = Regex.Match(Assets.Text("report.css"), @"@media print \{\s*:root \{([^}]*)\}").Groups[1].Value;
        string Of(string name) => Regex.Match(print, $"--{name}: (#[0-9a-f]{{6}})").Groups[1].Value;
        ChartPicture.Colours.Should().Equal(Enumerable.Range(0, 6).Select(i => Of($"c{i}")));
        ChartPicture.Lines.Should().Be((Of("mark"), Of("level")));
    }
}
