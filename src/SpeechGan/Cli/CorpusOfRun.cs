using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Cli;

/// <summary>The corpus a run was trained on, as its record tells.</summary>
internal static class CorpusOfRun
{
    private const string Option = "--data";

    /// <summary>The recorded folder, else that of the command's <c>--data</c>, else the bundled corpus of a <c>demo</c>; null where nothing names one.</summary>
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
        return words.Contains("demo") ? DemoVerb.FindBundledCorpus() : null;
    }

    /// <summary>Words of a command line: separated by blanks, quoted where they hold blanks, as .NET prints it.</summary>
    internal static IReadOnlyList<string> Words(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false, begun = false;
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
