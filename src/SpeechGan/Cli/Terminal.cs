using Spectre.Console;

namespace SpeechGan.Cli;

/// <summary>Where people read: colours and bars on a terminal, plain lines in a pipe.</summary>
internal sealed class Terminal
{
    private Terminal(IAnsiConsole console, bool isLive) => (Console, IsLive) = (console, isLive);

    /// <summary>Standard output.</summary>
    public static Terminal Out { get; } = For(System.Console.Out, System.Console.IsOutputRedirected);

    /// <summary>Standard error, for what must not mix with a result.</summary>
    public static Terminal Error { get; } = For(System.Console.Error, System.Console.IsErrorRedirected);

    /// <summary>The console to draw on.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether somebody watches, so that bars may move.</summary>
    public bool IsLive { get; }

    /// <summary>A line of plain text; nothing in it is markup.</summary>
    public void Line(string text = "") => Console.WriteLine(text);

    /// <summary>A table.</summary>
    public void Table(Table table) => Console.Write(table);

    private static Terminal For(TextWriter writer, bool redirected)
    {
        var live = !redirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            // In a pipe a TERM variable would otherwise still bring colour codes.
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
            console.Profile.Width = 160;  // lines are not broken where nobody's window asks for it
        return new Terminal(console, live);
    }
}
