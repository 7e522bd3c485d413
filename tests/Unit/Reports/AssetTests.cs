using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SpeechGan.Reports;

namespace SpeechGan.Tests.Unit.Reports;

public sealed partial class AssetTests
{
    [Test]
    public void Vendored_files_are_as_published()
    {
        // The table in Assets/README.md.
        (string Name, string Hash)[] expected =
        [
            ("uPlot.iife.min.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"),
            ("uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"),
            ("uPlot.LICENSE.txt", "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd"),
        ];
        foreach (var (name, hash) in expected)
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Assets.Text(name)))).Should().Be(hash, name);
        Assets.Text("uPlot.LICENSE.txt").Should().StartWith("The MIT License");
        using var font = Assets.Open("DejaVuSans.ttf");
        Convert.ToHexStringLower(SHA256.HashData(font)).Should().Be("e2cc512d29f297102dc6aa71e36ef2c850c0a38e6cecbf2e63dbdb86bdb577a4");
        Assets.Text("DejaVuSans.LICENSE.txt").Should().StartWith("Copyright (c) 2003 by Bitstream, Inc.");
    }

    [TestCase("uPlot.iife.min.js", "script")]
    [TestCase("report.js", "script")]
    [TestCase("uPlot.min.css", "style")]
    [TestCase("report.css", "style")]
    public void No_asset_ends_the_element_it_is_put_into(string name, string element) =>
        Assets.Text(name).Should().NotContainEquivalentOf("</" + element).And.NotContain("<!--");

    [Test]
    public void Curves_differ_on_the_page_in_every_scheme()
    {
        foreach (Match scheme in Scheme().Matches(Assets.Text("report.css")))
        {
            var colours = Enumerable
                .Range(0, 6)
                .Select(i => Regex.Match(scheme.Value, $"--c{i}: (#[0-9a-f]{{6}})").Groups[1].Value)
                .ToList();
            colours.Should().OnlyHaveUniqueItems().And.OnlyContain(c => c.Length == 7);
            var page = Luminance(Regex.Match(scheme.Value, "--page: (#[0-9a-f]{6})").Groups[1].Value);
            // 3:1 is what WCAG 2.1, 1.4.11 asks of graphical objects.
            foreach (var colour in colours)
                Contrast(page, Luminance(colour)).Should().BeGreaterThanOrEqualTo(3, colour);
        }

        Scheme().Count(Assets.Text("report.css")).Should().Be(3);
    }

    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    private static double Luminance(string colour)
    {
        double[] parts =
        [
            .. new[] { 1, 3, 5 }
                .Select(i => Convert.ToInt32(colour.Substring(i, 2), 16) / 255.0)
                .Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4)),
        ];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Scheme();
}
