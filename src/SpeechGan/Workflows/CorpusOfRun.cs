using System.Text;
using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>The corpus a run was trained on: where it is, as its record tells, and how it is opened, as its configuration does.</summary>
internal static class CorpusOfRun
{
    private const string Option = "--data";

    /// <summary>The recorded folder, else that of the command's <c>--data</c>, else the bundled corpus of a <c>demo</c>; null where nothing
    /// names one.</summary>
    public static string? Find(RunRecord run)
    {
        if (run.Info.Data is { } data)
            return data;
        // Older records know the command alone; a relative folder in it is taken from where this program runs.
        if (run.Info.Command is not { } command)
            return null;
        var words = Words(command);
        for (var i = words.Count - 1; i >= 0; i--)
        {
            if (words[i].StartsWith(Option + "=", StringComparison.Ordinal))
                return words[i][(Option.Length + 1)..];
            if (words[i] == Option && i + 1 < words.Count)
                return words[i + 1];
        }
        return words.Contains("demo") ? Checkout.BundledCorpus : null;
    }

    /// <summary>Opens a corpus as a run with this configuration does; the seed decides what is held out for validation.</summary>
    /// <exception cref="CorpusException">The folders are not as they must be.</exception>
    /// <exception cref="AudioFileException">A file's header shows that it cannot be used.</exception>
    public static PairedCorpus Open(string data, RunConfig config) =>
        PairedCorpus.Open(
            data,
            new CorpusOptions
            {
                Channel = config.Data.Channel,
                OnLengthMismatch = config.Data.OnLengthMismatch,
                Seed = config.Seed,
                HoldOutShare = config.Data.HoldOut,
                MixIn = config.Data.MixIn,
                MixInShare = config.Data.MixInShare,
                CacheBytes = (long)config.Data.CacheMegabytes << 20,
            }
        );

    /// <summary>Words of a command line: separated by blanks, quoted where they hold blanks, as .NET prints it.</summary>
    internal static IReadOnlyList<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false,
            begun = false;
        for (var i = 0; i < command.Length; i++)
        {
            switch (command[i])
            {
                case '\\' when i + 1 < command.Length && command[i + 1] == '"':
                    word.Append('"');
                    begun = true;
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    begun = true;
                    break;
                case ' ' when !quoted:
                    if (begun)
                        words.Add(word.ToString());
                    word.Clear();
                    begun = false;
                    break;
                default:
                    word.Append(command[i]);
                    begun = true;
                    break;
            }
        }
        if (begun)
            words.Add(word.ToString());
        return words;
    }
}
