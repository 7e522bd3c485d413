using System.Globalization;

namespace SpeechGan.Workflows;

/// <summary>Trains with the program of a built worktree: its `train` verb is the oldest contract there is, and the newest reader reads
/// what it writes.</summary>
internal static class CommitTraining
{
    /// <summary>What of a tree can change a training.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "src",
        "global.json",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        ".editorconfig",
        "tools/msbuild",
        "tools/set-up",
    ];

    /// <summary>Trains.</summary>
    /// <param name="worktree">The built worktree.</param>
    /// <param name="arguments">Arguments of `train` after the corpus and the run folder.</param>
    /// <param name="data">Corpus.</param>
    /// <param name="run">Run folder to be made.</param>
    /// <param name="limit">Time it may take.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <returns>How it ended; null where the worktree has no program.</returns>
    public static ProcessEnd? Train(
        string worktree,
        IReadOnlyList<string> arguments,
        string data,
        string run,
        TimeSpan limit,
        CancellationToken stop
    )
    {
        var program = Path.Combine(worktree, SpeechGanBuild.Program);
        return !File.Exists(program)
            ? null
            : ProcessRunner.Run(
                worktree,
                ["dotnet", program, "train", "--data", data, "--out", run, .. arguments],
                limit,
                new Dictionary<string, string?> { ["MALLOC_ARENA_MAX"] = "1" },
                stop
            );
    }

    /// <summary>Arguments of a preset, a seed, beginning weights and knobs.</summary>
    /// <param name="preset">Preset.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="weights">Files of the generator's and the discriminator's beginning weights; null: the seed's.</param>
    /// <param name="knobs">Knobs, later ones winning.</param>
    public static IReadOnlyList<string> Arguments(
        string preset,
        long seed,
        (string Generator, string Discriminator)? weights,
        IEnumerable<string> knobs
    ) =>
        [
            "--preset",
            preset,
            "--seed",
            seed.ToString(CultureInfo.InvariantCulture),
            .. weights is { } w ? ["--init-generator", w.Generator, "--init-discriminator", w.Discriminator] : Array.Empty<string>(),
            .. knobs.SelectMany(k => new[] { "--set", k }),
        ];

    /// <summary>Why there is no program.</summary>
    public const string NoProgram = $"there is no {SpeechGanBuild.Program}: a scenario needs a commit of SpeechGan that builds";
}
