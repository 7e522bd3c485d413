using System.CommandLine;
using Spectre.Console;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`doctor`: what is here, what is missing, and how to get it.</summary>
internal static class DoctorVerb
{
    public static Command Make()
    {
        var verb = new Command("doctor", "Show versions, device and threads, what is missing, and the packages with their licences.");
        verb.SetAction(_ =>
            Guard.Run(() =>
            {
                var checks = DoctorChecks.All().ToList();
                var table = new Table { Border = TableBorder.Simple };
                table.AddColumns("", "what", "found", "to do");
                foreach (var c in checks)
                    table.AddRow(Word(c.State), Markup.Escape(c.What), Markup.Escape(c.Found), Markup.Escape(c.Advice));
                Terminal.Out.Table(table);
                var packages = new Table { Border = TableBorder.Simple };
                packages.AddColumns("package", "version", "licence");
                foreach (var p in BuiltPackage.All())
                    packages.AddRow(Markup.Escape(p.Name), Markup.Escape(p.Version), Markup.Escape(p.Licence));
                Terminal.Out.Table(packages);
                return checks.Any(c => c.State == CheckState.Missing) ? ExitCode.Environment : ExitCode.Good;
            })
        );
        return verb;
    }

    private static string Word(CheckState state) =>
        state switch
        {
            CheckState.Good => "good",
            CheckState.Slow => "slow",
            CheckState.Absent => "absent",
            _ => "MISSING",
        };
}
