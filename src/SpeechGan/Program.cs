using SpeechGan.Cli.Verbs;

return await CommandLine.RunAsync(args);
