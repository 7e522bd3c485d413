using Spectre.Console;

namespace SpeechGan.Cli;

/// <summary>How far a long work is: a bar with the time left on a terminal, lines in a pipe (<see cref="ProgressLines"/>).</summary>
/// <param name="work">What is done, in words.</param>
/// <param name="done">Of it, done.</param>
/// <param name="of">Of it, in all; 0: nobody knows.</param>
internal delegate void Progressed(string work, long done, long of);

/// <inheritdoc cref="Progressed"/>
internal static class WorkProgress
{
    /// <summary>Does a work and shows how far it is, on standard error: results go to standard output.</summary>
    public static T Watch<T>(Func<Progressed, T> work) => Watch(Terminal.Error, work);

    /// <summary>Does a work and shows how far it is.</summary>
    /// <param name="terminal">Where to; what the work prints meanwhile should go there too where it is live.</param>
    /// <param name="work">The work; it may tell from several threads, any number of times.</param>
    public static T Watch<T>(Terminal terminal, Func<Progressed, T> work)
    {
        if (!terminal.IsLive)
            return work(new ProgressLines(TimeProvider.System, terminal.Line).At);
        return terminal
            .Console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .Start(context => work(new Bar(context).At));
    }

    private sealed class Bar(ProgressContext context)
    {
        private readonly Lock gate = new();
        private ProgressTask? task;
        private string? stage;

        public void At(string work, long done, long of)
        {
            lock (gate)
            {
                if (task is null || work != stage)
                {
                    task?.StopTask();
                    (task, stage) = (context.AddTask(Markup.Escape(work), maxValue: Math.Max(1, of)), work);
                }
                task.IsIndeterminate = of <= 0;
                task.MaxValue = Math.Max(1, of);
                // Several threads tell, and one that is late must not turn it back.
                task.Value = Math.Max(task.Value, done);
            }
        }
    }
}
