using System.Text.RegularExpressions;

namespace SpeechGan.Tests.Unit.Architecture;

/// <summary>A tool that measures runs a test by its name: one that is renamed must not leave the tool with nothing to do.</summary>
public sealed partial class ToolTests
{
    private static IEnumerable<string> Filtering() =>
        Directory
            .GetFiles(Repository.PathOf("tools"))
            .Where(f => File.ReadAllText(f) is var text && text.Contains("dotnet test", StringComparison.Ordinal) && Filter().IsMatch(text))
            .Select(f => Path.GetRelativePath(Repository.Root, f))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Filtering))]
    public void Every_filter_of_a_tool_finds_a_test_and_fails_without(string tool)
    {
        var text = File.ReadAllText(Repository.PathOf(tool));
        var names = Filter().Matches(text).Select(m => m.Groups["name"].Value).ToList();
        TestContext.Out.WriteLine($"{tool}: {string.Join(", ", names)}");
        names.Where(n => !TestNames.Value.Any(t => t.Contains(n, StringComparison.Ordinal))).Should().BeEmpty();
        text.Should().Contain("RunConfiguration.TreatNoTestsAsError=true");
    }

    [Test]
    public void The_filters_of_the_tools_are_seen() => Filtering().Should().HaveCountGreaterThan(5);

    private static Lazy<IReadOnlyList<string>> TestNames { get; } =
        new(() =>
            [
                .. Directory
                    .GetFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
                    .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                    .SelectMany(f => NamesIn(File.ReadAllText(f))),
            ]
        );

    // As the test platform names them: namespace, class, method.
    private static IEnumerable<string> NamesIn(string source)
    {
        var space = Namespace().Match(source).Groups[1].Value;
        foreach (Match type in Class().Matches(source))
        foreach (Match method in Method().Matches(source))
            yield return $"{space}.{type.Groups[1].Value}.{method.Groups[1].Value}";
    }

    // A variable's value stands in quotes or is the shell's: what is tested is the words that are written out.
    [GeneratedRegex("(?:FullyQualifiedName|Name)~(?<name>[A-Za-z_.]+)")]
    private static partial Regex Filter();

    [GeneratedRegex(@"namespace ([\w.]+);")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex Method();
}
