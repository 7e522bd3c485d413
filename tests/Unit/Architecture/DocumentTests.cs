using System.Text.RegularExpressions;
using SpeechGan.Cli;

namespace SpeechGan.Tests.Unit.Architecture;

/// <summary>A path that a document names in backticks is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Folders = ["src", "tests", "golden", "docs", "tools", ".ci"];

    private static IEnumerable<string> Documents() =>
        [
            .. new[] { "README.md" }.Where(f => File.Exists(Path.Combine(Root(), f))),
            .. Directory
                .GetFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root(), f)),
            .. Directory
                .GetFiles(Path.Combine(Root(), "golden"), "README.md", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root(), f)),
        ];

    [TestCaseSource(nameof(Documents))]
    public void Every_path_a_document_names_exists(string document)
    {
        var paths = Paths(File.ReadAllText(Path.Combine(Root(), document)));
        TestContext.Out.WriteLine($"{document}: {string.Join(", ", paths)}");
        paths.Where(p => !Exists(p)).Should().BeEmpty();
    }

    [Test]
    public void Paths_are_told_from_other_words()
    {
        Paths(
                "`src/SpeechGan/Data`, `tools/make-corpus` (runs `tools/CorpusMaker out`), `DIR/train`, `a/b`, `docs/data.md`; "
                    + "`README.md` and `data.mixIn=silent`\n```\ncd golden/corpus\n```"
            )
            .Should()
            .Equal("src/SpeechGan/Data", "tools/make-corpus", "tools/CorpusMaker", "docs/data.md", "README.md");
        Exists("tools/make-corpus").Should().BeTrue();
        Exists("tools/make-corpora").Should().BeFalse();
    }

    // The first word of what stands in backticks, where it begins with a folder of the repository or is a document of its root.
    private static List<string> Paths(string text) =>
        [
            .. Code()
                .Matches(Fence().Replace(text, ""))
                .Select(m => m.Groups[1].Value.Split(' ')[0].TrimEnd('/', '.', ','))
                .Select(p => p.StartsWith("./", StringComparison.Ordinal) ? p[2..] : p)
                .Where(p => !p.Contains('*', StringComparison.Ordinal) && !p.Contains('{', StringComparison.Ordinal))
                .Where(p =>
                    Folders.Any(f => p.StartsWith(f + "/", StringComparison.Ordinal))
                    || (!p.Contains('/', StringComparison.Ordinal) && RootFile().IsMatch(p))
                )
                .Distinct(),
        ];

    private static bool Exists(string path) => Path.Exists(Path.Combine(Root(), path));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SpeechGan.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds SpeechGan.sln.");
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[A-Z][A-Za-z.]*\.(md|props|sln)$")]
    private static partial Regex RootFile();
}
