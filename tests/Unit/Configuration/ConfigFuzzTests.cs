using System.Globalization;
using SpeechGan.Configuration;

namespace SpeechGan.Tests.Unit.Configuration;

public sealed class ConfigFuzzTests
{
    private static readonly string[] Fragments =
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "null",
        "true",
        "1e999",
        "-0",
        "1e-400",
        "99999999999999999999",
        "\\ud800",
        "\"seed\"",
        "\"data\":{",
        "\0",
        "é",
        "NaN",
        "[[[[[[[[",
        "//",
        "/*",
    ];

    [Test]
    public void Mutated_configurations_are_read_or_refused_in_sentences()
    {
        const int seed = 20261122;
        var count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"seed {seed}, {count} configurations");
        var random = new Random(seed);
        var seeds = Presets.Names.Select(n => RunConfig.FromPreset(n).ToJson()).ToArray();
        int read = 0,
            refused = 0;
        for (var i = 0; i < count; i++)
        {
            var text = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                var config = RunConfig.Parse(text, "fuzz");
                RunConfig.Parse(config.ToJson(), "copy").Should().Be(config, "what was read reads back equal (case {0})", i);
                read++;
            }
            catch (ConfigException e)
            {
                e.Problems.Should().NotBeEmpty().And.OnlyContain(p => p.Length > 10);
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        read.Should().BePositive("some mutations change a value to another allowed one");
        refused.Should().BePositive();
    }

    [Test]
    public void Mutated_overrides_are_applied_or_refused_in_sentences()
    {
        var random = new Random(7);
        string[] values =
        [
            "",
            "0",
            "1",
            "-1",
            "0.25",
            "1e308",
            "true",
            "mask",
            "random",
            " 4 ",
            "=",
            "\0",
            new('9', 200),
            "Mask",
            "0,1",
            "NaN",
            "Infinity",
        ];
        foreach (var knob in RunConfig.Keys)
        {
            foreach (var value in values)
            {
                try
                {
                    RunConfig.Load(null, null, [$"{Mutate(knob.Key, random)}={value}", $"{knob.Key}={value}"]);
                }
                catch (ConfigException e)
                {
                    e.Problems.Should().NotBeEmpty();
                }
            }
        }
    }

    private static string Mutate(string text, Random random)
    {
        var changes = random.Next(1, 4);
        for (var i = 0; i < changes && text.Length > 0; i++)
        {
            var at = random.Next(text.Length);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at)),
                1 => text.Insert(at, Fragments[random.Next(Fragments.Length)]),
                2 => text[..at] + (char)random.Next(32, 127) + text[(at + 1)..],
                3 => text.Insert(at, text.Substring(at, Math.Min(random.Next(1, 60), text.Length - at))),
                4 => ReplaceDigit(text, at, random),
                _ => ReplaceDigit(text, at, random),
            };
        }

        return text;
    }

    private static string ReplaceDigit(string text, int from, Random random)
    {
        var at = text.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], from);
        return at < 0 ? text : text[..at] + random.Next(10) + text[(at + 1)..];
    }
}
