using Spectre.Console;

namespace SpeechGan.Cli;

/// <summary>Where people read: colours and bars on a terminal, plain lines in a pipe.</summary>
internal sealed class Terminal
{
    // Without a terminal, lines are not wrapped.
    private const int EndlessLine = 10_000;
    private readonly TextWriter writer;

    private Terminal(IAnsiConsole console, TextWriter writer, bool isLive) => (Console, this.writer, IsLive) = (console, writer, isLive);

    /// <summary>Standard output.</summary>
    public static Terminal Out { get; } = For(System.Console.Out, System.Console.IsOutputRedirected);

    /// <summary>Standard error, for what must not mix with a result.</summary>
    public static Terminal Error { get; } = For(System.Console.Error, System.Console.IsErrorRedirected);

    /// <summary>The console to draw on.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether somebody watches, so that bars may move.</summary>
    public bool IsLive { get; }

    /// <summary>A line of plain text; nothing in it is markup.</summary>
    public void Line(string text = "")
    {
        if (IsLive)
            Console.WriteLine(text);
        else
            writer.WriteLine(text);
    }

    /// <summary>A table; in a pipe without the blanks that fill its last column.</summary>
    public void Table(Table table)
    {
        if (IsLive)
        {
            Console.Write(table);
            return;
        }
        using var text = new StringWriter();
        Make(text, live: false).Write(table);
        foreach (var line in text.ToString().Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
            writer.WriteLine(line);
    }

    internal static Terminal For(TextWriter writer, bool redirected)
    {
        var live = !redirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        return new Terminal(Make(writer, live), writer, live);
    }

    private static IAnsiConsole Make(TextWriter writer, bool live)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                // In a pipe a TERM variable would otherwise still bring colour codes.
                Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!live)
            console.Profile.Width = EndlessLine;
        return console;
    }
}
