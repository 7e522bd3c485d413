namespace SpeechGan.Workflows;

/// <summary>What a side of a comparison is.</summary>
internal enum SideKind
{
    /// <summary>A run folder, trained already.</summary>
    Run,

    /// <summary>The program of a commit.</summary>
    Commit,

    /// <summary>This program with a configuration file under the scenario's own options.</summary>
    Config,

    /// <summary>This program with options of its own: <c>set:</c>, <c>device:</c>, <c>threads:</c>, or none of them,
    /// <c>as-is</c>.</summary>
    Options,
}

/// <summary>A side of a comparison as the command line names it.</summary>
/// <param name="Text">The word.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Run folder, revision or configuration file; empty for options.</param>
/// <param name="Knobs">Options on top of everything else.</param>
internal sealed record ComparedSide(string Text, SideKind Kind, string Value, IReadOnlyList<string> Knobs)
{
    /// <summary>The forms, for the sentences.</summary>
    public const string Forms = "a run folder, commit:REV, config:FILE, set:key=value, device:NAME, threads:N or as-is";

    private const string AsIs = "as-is";

    /// <summary>Reads a side.</summary>
    /// <exception cref="UsageException">It is none of the forms, or names nothing that exists.</exception>
    public static ComparedSide Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == AsIs)
            return new ComparedSide(text, SideKind.Options, "", []);
        if (text.Split(':', 2) is not [var form, var value] || Directory.Exists(text))
            return Directory.Exists(text)
                ? new ComparedSide(text, SideKind.Run, text, [])
                : throw new UsageException($"'{text}' is not an existing folder. A side is {Forms}.");
        if (string.IsNullOrWhiteSpace(value))
            throw new UsageException($"'{text}' names nothing after the colon. A side is {Forms}.");
        return form switch
        {
            "commit" => new ComparedSide(text, SideKind.Commit, value, []),
            "config" when File.Exists(value) => new ComparedSide(text, SideKind.Config, value, []),
            "config" => throw new UsageException(
                $"'{text}': there is no file '{value}'. Give a JSON file with any of the options, such as a run's config.json."
            ),
            "set" when value.Contains('=', StringComparison.Ordinal) => new ComparedSide(text, SideKind.Options, "", [value]),
            "set" => throw new UsageException($"'{text}' sets nothing: expected set:key=value, for example set:loss.weights.gan=0.2."),
            "device" => new ComparedSide(text, SideKind.Options, "", ["train.device=" + value]),
            "threads" when int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var threads) && threads > 0 =>
                new ComparedSide(text, SideKind.Options, "", ["train.threads=" + value]),
            "threads" => throw new UsageException($"'{text}': '{value}' is not a number of threads. Give a whole number of at least 1."),
            _ => throw new UsageException(
                $"'{text}' is not a side of a comparison: '{form}:' is unknown and there is no such folder. A side is {Forms}."
            ),
        };
    }
}
